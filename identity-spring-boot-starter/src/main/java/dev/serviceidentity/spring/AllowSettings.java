// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.spring.properties.AllowProperties;
import dev.serviceidentity.spring.properties.CallerNames;
import dev.serviceidentity.spring.properties.Misconfiguration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/**
 * Who may call: by properties, or by a bean of the application.
 *
 * @param said the properties
 * @param bean the application's own rule, or null
 */
public record AllowSettings(AllowProperties said, @Nullable AllowedCallers bean) {
  private static final String GROUP = "serviceidentity.allow";

  /**
   * Finds both.
   *
   * @param beans those of the application
   * @return what they say
   */
  public static AllowSettings of(BeanFactory beans) {
    return new AllowSettings(
        beans.getBean(AllowProperties.class),
        beans.getBeanProvider(AllowedCallers.class).getIfAvailable());
  }

  boolean isUnsaid() {
    return ways().isEmpty();
  }

  /**
   * Tells a builder who may call; nothing if nobody has said so.
   *
   * @param builder of the application's identity
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CONFIGURATION} if that
   *     is said in several ways
   */
  public void applyTo(ServiceIdentityBuilder builder) {
    List<String> ways = ways();
    if (ways.size() > 1) {
      throw Misconfiguration.of(
          GROUP, "says who may call in several ways; keep one of " + String.join(", ", ways));
    }
    if (bean != null) {
      builder.allow(bean);
    } else if (said.file() != null) {
      builder.allowFile(said.file());
    } else if (said.anyAuthenticated()) {
      builder.allowAnyAuthenticated();
    } else if (said.nobody()) {
      builder.allow(AllowedCallers.nobody());
    } else {
      names().allowed(GROUP).ifPresent(builder::allow);
    }
  }

  private CallerNames names() {
    return new CallerNames(said.serviceAccounts(), said.principals(), said.principalsLike());
  }

  private List<String> ways() {
    Map<String, Boolean> all =
        Map.of(
            "names", !names().isEmpty(),
            "file", said.file() != null,
            "any-authenticated", said.anyAuthenticated(),
            "nobody", said.nobody());
    return Stream.concat(
            Stream.of("names", "file", "any-authenticated", "nobody").filter(all::get),
            Stream.ofNullable(bean).map(any -> "a bean of type AllowedCallers"))
        .toList();
  }
}
