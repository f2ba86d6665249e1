// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import reactor.netty.http.client.HttpClient;

/**
 * Reactor Netty as Spring Boot configures it makes a context of its own of a bundle's managers, in
 * which sessions survive a rotation: with the identity's bundle, it is given the identity's own
 * context. It alone of the HTTP clients can be told not to check host names, so that servers are
 * called whose certificates have a SPIFFE ID only; the identity says whether it is.
 */
final class ReactorTls implements BeanPostProcessor {
  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof ReactorClientHttpConnectorBuilder reactor) {
      return connectors(reactor);
    }
    return bean instanceof ReactorClientHttpRequestFactoryBuilder reactor
        ? requests(reactor)
        : bean;
  }

  private static ClientHttpConnectorBuilder<?> connectors(
      ReactorClientHttpConnectorBuilder reactor) {
    return settings ->
        settings != null && settings.sslBundle() instanceof IdentitySslBundle bundle
            ? reactor
                .withHttpClientCustomizer(client -> secured(client, bundle))
                .build(settings.withSslBundle(null))
            : reactor.build(settings);
  }

  private static ClientHttpRequestFactoryBuilder<?> requests(
      ReactorClientHttpRequestFactoryBuilder reactor) {
    return settings ->
        settings != null && settings.sslBundle() instanceof IdentitySslBundle bundle
            ? reactor
                .withHttpClientCustomizer(client -> secured(client, bundle))
                .build(settings.withSslBundle(null))
            : reactor.build(settings);
  }

  private static HttpClient secured(HttpClient client, IdentitySslBundle bundle) {
    var context = new NettyTls(bundle::tls);
    return client.secure(
        connection ->
            connection
                .sslContext(context)
                .handlerConfigurator(handler -> context.checkHost(handler.engine())));
  }
}
