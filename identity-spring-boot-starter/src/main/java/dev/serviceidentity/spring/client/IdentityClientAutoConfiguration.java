// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.ssl.IdentitySslAutoConfiguration;
import dev.serviceidentity.spring.ssl.IdentitySslBundle;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Offers what clients use to prove who they are; no client is changed by it. */
@AutoConfiguration(after = IdentitySslAutoConfiguration.class)
@ConditionalOnBean({ServiceIdentity.class, IdentitySslBundle.class})
@ConditionalOnClass({HttpClientSettings.class, ClientHttpRequestInterceptor.class})
@EnableConfigurationProperties(ClientProperties.class)
public final class IdentityClientAutoConfiguration {
  /** Made by Spring. */
  public IdentityClientAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  ProvenCalls serviceIdentityCalls(
      ObjectProvider<ServiceIdentity> identity,
      ObjectProvider<HttpClientSettings> settings,
      ClientProperties properties) {
    requireNoRedirects(settings.getIfAvailable(HttpClientSettings::defaults), properties);
    CalledServices services = CalledServices.of(properties.services());
    return new ProvenCalls(identity::getObject, services, properties.unprovenReplies());
  }

  /** The beans that go by the property are given to clients that this does not make. */
  private static void requireNoRedirects(HttpClientSettings settings, ClientProperties properties) {
    if (!properties.services().isEmpty() && settings.redirects() != HttpRedirects.DONT_FOLLOW) {
      throw Misconfiguration.of(
          "serviceidentity.client.services",
          "needs spring.http.clients.redirects=dont-follow, since a client that follows redirects"
              + " takes credentials along to wherever it is sent; or let clients name their"
              + " services by RestClientIdentity or WebClientIdentity");
    }
  }

  @Bean
  @ConditionalOnMissingBean
  IdentityConnections serviceIdentityConnections(
      ObjectProvider<HttpClientSettings> settings,
      ObjectProvider<ServiceIdentity> identity,
      IdentitySslBundle bundle) {
    return new IdentityConnections(
        settings.getIfAvailable(HttpClientSettings::defaults), identity::getObject, bundle);
  }

  @Bean
  @ConditionalOnMissingBean
  IdentityInterceptor serviceIdentityInterceptor(ProvenCalls calls) {
    return new IdentityInterceptor(calls);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RestClient.class)
  static class Rest {
    @Bean
    @ConditionalOnMissingBean
    RestClientIdentity restClientIdentity(
        ObjectProvider<ClientHttpRequestFactoryBuilder<?>> factories,
        IdentityConnections connections,
        ProvenCalls calls) {
      return new RestClientIdentity(
          factories.getIfAvailable(ClientHttpRequestFactoryBuilder::detect), connections, calls);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(WebClient.class)
  static class Web {
    @Bean
    @ConditionalOnMissingBean
    IdentityExchangeFilter serviceIdentityExchangeFilter(ProvenCalls calls) {
      return new IdentityExchangeFilter(calls);
    }

    @Bean
    @ConditionalOnMissingBean
    WebClientIdentity webClientIdentity(
        ObjectProvider<ClientHttpConnectorBuilder<?>> connectors,
        IdentityConnections connections,
        ProvenCalls calls) {
      return new WebClientIdentity(
          connectors.getIfAvailable(ClientHttpConnectorBuilder::detect), connections, calls);
    }
  }
}
