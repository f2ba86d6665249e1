// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.jakarta.evidence.ContainerEvidence;
import dev.serviceidentity.jakarta.evidence.ProxyPolicy;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import dev.serviceidentity.spring.ServiceIdentityAutoConfiguration;
import dev.serviceidentity.spring.properties.ConditionalUnlessOff;
import dev.serviceidentity.spring.properties.WebProperties;
import jakarta.servlet.DispatcherType;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Registers the filter that admits or refuses each request, before whatever reads bodies and before
 * Spring Security, unless {@code serviceidentity.web.enabled} is false. Beans of type {@code
 * IdentityFilter}, {@code PathRules}, {@code RequestEvidence}, {@code Roles} and {@code
 * ProxyPolicy} take the place of what is made here.
 */
@AutoConfiguration(after = ServiceIdentityAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({DispatcherType.class, FilterRegistrationBean.class})
@ConditionalOnBean(ServiceIdentity.class)
@EnableConfigurationProperties(WebProperties.class)
public final class IdentityWebAutoConfiguration {
  /** Made by Spring. */
  public IdentityWebAutoConfiguration() {}

  /** Whoever asks the identity himself needs the evidence too. */
  @Bean
  @ConditionalOnMissingBean
  RequestEvidence serviceIdentityEvidence(
      ServiceIdentity identity, ObjectProvider<ProxyPolicy> proxies) {
    return ContainerEvidence.detecting(identity, proxies.getIfAvailable(ProxyPolicy::none));
  }

  /** The filter and its place. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalUnlessOff("serviceidentity.web.enabled")
  static class Registered {
    @Bean
    @ConditionalOnMissingBean
    SaidFilters serviceIdentitySaidFilters(BeanFactory beans) {
      return SaidFilters.of(beans);
    }

    @Bean
    @ConditionalOnMissingBean
    PathRules serviceIdentityPathRules(WebProperties said, BeanFactory beans) {
      return new SaidPathRules(said, SaidMechanisms.of(beans)).rules();
    }

    @Bean
    @ConditionalOnMissingBean
    IdentityFilter serviceIdentityFilter(SaidFilters filters, PathRules rules) {
      return filters.filter(rules);
    }

    @Bean
    @ConditionalOnMissingBean(name = "serviceIdentityFilterRegistration")
    FilterRegistrationBean<IdentityFilter> serviceIdentityFilterRegistration(
        IdentityFilter filter,
        WebProperties said,
        BeanFactory beans,
        ObjectProvider<ProxyPolicy> proxies,
        Environment environment) {
      if (SaidMechanisms.of(beans).areCertificatesAlone() && proxies.stream().findAny().isEmpty()) {
        new ForgottenBundle(environment).warn();
      }
      return SaidFilters.registration(filter, said.order());
    }
  }

  /** Callers as parameters of controllers. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(WebMvcConfigurer.class)
  static class Controllers {
    @Bean
    @ConditionalOnMissingBean(name = "verifiedCallerParameters")
    WebMvcConfigurer verifiedCallerParameters() {
      return new WebMvcConfigurer() {
        @Override
        public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
          resolvers.add(new VerifiedCallerParameters());
        }
      };
    }
  }
}
