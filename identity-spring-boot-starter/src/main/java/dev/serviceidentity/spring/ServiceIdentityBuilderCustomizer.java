// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.ServiceIdentityBuilder;

/**
 * Says to the builder of the application's identity what properties cannot say. Every bean of this
 * type is called, in their order, after the properties have been applied.
 *
 * <pre>{@code
 * @Bean
 * ServiceIdentityBuilderCustomizer people() {
 *   return builder -> builder.allow(AllowedCallers.matching(caller -> isKnown(caller.principal())));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ServiceIdentityBuilderCustomizer {
  /**
   * Changes the configuration.
   *
   * @param builder to be changed, not opened; a new one each time that the application starts
   */
  void customize(ServiceIdentityBuilder builder);
}
