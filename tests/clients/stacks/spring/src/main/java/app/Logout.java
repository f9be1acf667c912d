// SPDX-License-Identifier: Apache-2.0
package app;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Login as by the settings alone, with logout in both directions: Spring's documentation asks for these lines. */
@Configuration
@RestController
@Profile("logout")
class Logout {
    @GetMapping("/bye")
    String bye() {
        return "bye";
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
        var goodbye = new OidcClientInitiatedLogoutSuccessHandler(clients);
        goodbye.setPostLogoutRedirectUri("{baseUrl}/bye");
        return http
            .authorizeHttpRequests(paths -> paths.requestMatchers("/bye").permitAll().anyRequest().authenticated())
            .oauth2Login(withDefaults())
            .logout(logout -> logout.logoutSuccessHandler(goodbye))
            .oidcLogout(logout -> logout.backChannel(withDefaults()))
            .build();
    }
}
