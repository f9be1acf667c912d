// SPDX-License-Identifier: Apache-2.0
package app;

import java.time.Duration;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Spring refreshes an access token that has less than its clock skew to live; so long a skew means at each request. */
@RestController
@Profile("logout")
class Refresh {
    @Bean
    static OAuth2AuthorizedClientManager clients(ClientRegistrationRepository known, OAuth2AuthorizedClientRepository kept) {
        var manager = new DefaultOAuth2AuthorizedClientManager(known, kept);
        manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
            .authorizationCode()
            .refreshToken(refresh -> refresh.clockSkew(Duration.ofHours(1)))
            .build());
        return manager;
    }

    @GetMapping("/token")
    Map<String, String> token(@RegisteredOAuth2AuthorizedClient("tongxing") OAuth2AuthorizedClient client) {
        return Map.of("access_token", client.getAccessToken().getTokenValue());
    }
}
