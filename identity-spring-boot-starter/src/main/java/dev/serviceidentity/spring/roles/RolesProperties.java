// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.roles;

import dev.serviceidentity.spring.properties.CallerNames;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What callers may do in the application.
 *
 * @param roles Who has which role, by the role's name.
 */
@ConfigurationProperties(prefix = RolesProperties.PREFIX, ignoreUnknownFields = false)
record RolesProperties(@DefaultValue Map<String, Role> roles) {
  static final String PREFIX = "serviceidentity.authorization";

  /**
   * Who has a role.
   *
   * @param serviceAccounts Service accounts, each as namespace/name.
   * @param principals Exact principals.
   * @param principalsLike Patterns of principals.
   */
  record Role(
      @DefaultValue List<String> serviceAccounts,
      @DefaultValue List<String> principals,
      @DefaultValue List<String> principalsLike) {
    CallerNames callers() {
      return new CallerNames(serviceAccounts, principals, principalsLike);
    }
  }
}
