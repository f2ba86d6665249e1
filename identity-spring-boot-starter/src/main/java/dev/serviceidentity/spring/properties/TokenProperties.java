// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Identity by service-account tokens of the cluster. Any of these properties switches it on.
 *
 * @param audience names by which callers ask for tokens for this service; at least one, and nothing
 *     that other services share
 * @param issuer the cluster's issuer as its tokens have it; needed where no own token says it
 * @param domain the domain of the cluster's principals; the issuer's host and port unless said, and
 *     needed where the issuer's URL has a path
 * @param verification who judges callers' tokens
 * @param files files with tokens of this service, as projected volumes have them, by the audience
 *     that each is for, which is the host name of the service to call
 */
@ConfigurationProperties(prefix = "serviceidentity.tokens", ignoreUnknownFields = false)
public record TokenProperties(
    @DefaultValue List<String> audience,
    @Nullable String issuer,
    @Nullable String domain,
    @DefaultValue("token-review") Verification verification,
    @DefaultValue Map<String, Path> files) {

  /** Who judges callers' tokens. */
  public enum Verification {
    /** The API server, which knows what was deleted. */
    TOKEN_REVIEW,
    /** This process, by the cluster's keys; a deleted pod's token is good until it ends. */
    CLUSTER_KEYS
  }
}
