// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for the identity as a whole.
 *
 * @param enabled whether there is an identity at all; without it nothing of this starter is
 *     configured, and every request reaches the application unchecked
 * @param openTimeout the longest time that each part may take to open when the application starts
 * @param admissionTimeout the longest time that a request waits for answers from elsewhere, such as
 *     the API server, before it is refused
 * @param serveStaleFor for how long decisions are made from a view of the cluster that is not
 *     proven current any more; zero to refuse at once
 */
@ConfigurationProperties("serviceidentity")
public record IdentityProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("10s") Duration openTimeout,
    @DefaultValue("500ms") Duration admissionTimeout,
    @DefaultValue("5m") Duration serveStaleFor) {}
