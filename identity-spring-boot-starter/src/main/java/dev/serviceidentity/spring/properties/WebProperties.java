// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.Ordered;

/**
 * The servlet filter that admits or refuses each request.
 *
 * @param enabled whether the filter is registered; without it nothing is checked unless the
 *     application asks the identity itself
 * @param order where the filter stands among others; before all that read a request's body or
 *     change its method, and before Spring Security's, unless said
 * @param publicPaths patterns of paths that everybody may call without any proof, for example
 *     /health
 * @param managementPublicPaths patterns of paths that everybody may call at the management port,
 *     where that is a port of its own, for example /actuator/health/readiness
 * @param rules what some paths need beyond what is needed everywhere; the first that covers a path
 *     counts
 * @param developerProfile the Spring profile under which callers are told why they are refused;
 *     never unless said and active
 */
@ConfigurationProperties(prefix = "serviceidentity.web", ignoreUnknownFields = false)
public record WebProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue(USUAL_ORDER) int order,
    @DefaultValue List<String> publicPaths,
    @DefaultValue List<String> managementPublicPaths,
    @DefaultValue List<Rule> rules,
    @Nullable String developerProfile) {
  /**
   * Behind the encoding of characters and the observation of requests, and before the filters that
   * read forms (-10000 and later): they would hold a stranger's body in memory, and hand on another
   * method than was judged.
   */
  private static final String USUAL_ORDER = "" + (Ordered.HIGHEST_PRECEDENCE + 10);

  /**
   * What one kind of path needs.
   *
   * @param pattern the paths: * is one segment, ** at the end is one or more
   * @param mechanism a mechanism that must be among those proven: mtls, kerberos or
   *     service-account-token
   * @param serviceAccounts of those who may call the service, the service accounts that may call
   *     here; everybody unless this, principals or principals-like is said
   * @param principals of those who may call the service, the principals that may call here
   * @param principalsLike of those who may call the service, the patterns of principals that may
   *     call here
   * @param reportOnly layers that only report on these paths
   */
  public record Rule(
      @Nullable String pattern,
      @Nullable String mechanism,
      @Nullable List<String> serviceAccounts,
      @Nullable List<String> principals,
      @Nullable List<String> principalsLike,
      @Nullable ReportOnlyProperties reportOnly) {}
}
