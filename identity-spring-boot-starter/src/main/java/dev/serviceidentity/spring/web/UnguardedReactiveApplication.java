// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.spring.properties.Misconfiguration;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/** Ends the start, by which time no bean is made; a bean might be lazy. */
final class UnguardedReactiveApplication implements ImportBeanDefinitionRegistrar {
  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    throw Misconfiguration.of(
        "serviceidentity.web.enabled",
        "is not false, and this application is reactive: the filter is for servlets, so that"
            + " nothing would be checked. Depend on spring-boot-starter-webmvc and not on"
            + " spring-boot-starter-webflux, say spring.main.web-application-type=servlet, or say"
            + " false and ask ServiceIdentity.admitAsync for each request yourself");
  }
}
