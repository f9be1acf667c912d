// SPDX-License-Identifier: Apache-2.0
package app;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.server.resource.authentication.AbstractOAuth2TokenAuthenticationToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Nothing about security here: what is protected, and by whom, comes from the settings of each profile. */
@SpringBootApplication
@RestController
public class App {
    public static void main(String[] args) {
        SpringApplication.run(App.class, args);
    }

    /** What is known of the caller: of a person who logged in, or of the token that a request brought. */
    @GetMapping("/")
    Map<String, Object> who(Authentication caller) {
        return caller.getPrincipal() instanceof OidcUser person
            ? person.getClaims()
            : ((AbstractOAuth2TokenAuthenticationToken<?>) caller).getTokenAttributes();
    }
}
