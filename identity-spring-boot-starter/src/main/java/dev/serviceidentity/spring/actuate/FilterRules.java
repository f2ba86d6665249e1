// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.PathRules;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/** The rules that requests are held against: the filter's, or else those that are a bean. */
final class FilterRules {
  private final BeanFactory beans;

  FilterRules(BeanFactory beans) {
    this.beans = beans;
  }

  /** A filter of {@code web.xml}'s kind has its rules once it is started. */
  PathRules inForce() {
    PathRules said = beans.getBeanProvider(PathRules.class).getIfAvailable(PathRules::none);
    return ClassUtils.isPresent("jakarta.servlet.Filter", getClass().getClassLoader())
        ? Servlets.rules(beans, said)
        : said;
  }

  /** Apart, since an application without servlets cannot load the filter. */
  private static final class Servlets {
    static PathRules rules(BeanFactory beans, PathRules said) {
      IdentityFilter filter = beans.getBeanProvider(IdentityFilter.class).getIfUnique();
      return filter == null ? said : filter.rules();
    }
  }
}
