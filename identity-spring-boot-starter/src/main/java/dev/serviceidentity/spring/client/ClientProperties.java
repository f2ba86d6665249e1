// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this service calls others.
 *
 * @param services Services that the beans IdentityInterceptor and IdentityExchangeFilter send
 *     credentials to: scheme, host and port of each, such as https://payments.shop:8443. Nobody
 *     else gets any.
 * @param unprovenReplies What becomes of a reply that does not prove who sent it: refuse, or accept
 *     for credentials that prove one end only, as tokens do.
 */
@ConfigurationProperties("serviceidentity.client")
record ClientProperties(
    @DefaultValue List<String> services, @DefaultValue("refuse") UnprovenReplies unprovenReplies) {}
