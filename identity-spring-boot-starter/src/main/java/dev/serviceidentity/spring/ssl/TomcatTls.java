// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.mechanism.TlsMaterial;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfig.CertificateVerification;
import org.apache.tomcat.util.net.SSLUtil;
import org.apache.tomcat.util.net.openssl.ciphers.OpenSSLCipherConfigurationParser;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Tomcat as Spring Boot configures it reads the key stores of a bundle, and knows no managers:
 * where it serves with the identity's bundle, it is given the identity's own context, just before
 * it opens its port. Where there are public paths, callers are asked for a certificate and need
 * none to connect: the filter answers those who do.
 */
final class TomcatTls implements WebServerFactoryCustomizer<TomcatWebServerFactory>, ServedServer {
  private final Supplier<TlsMaterial> tls;
  private final BooleanSupplier publicPaths;

  TomcatTls(Supplier<TlsMaterial> tls, BooleanSupplier publicPaths) {
    this.tls = tls;
    this.publicPaths = publicPaths;
  }

  @Override
  public void customize(TomcatWebServerFactory factory) {
    factory.addConnectorCustomizers(connector -> customize(connector, factory.getSsl()));
  }

  @Override
  public boolean serves(AbstractConfigurableWebServerFactory server) {
    return server instanceof TomcatWebServerFactory;
  }

  private void customize(Connector connector, @Nullable Ssl ssl) {
    if (!Ssl.isEnabled(ssl)
        || !(connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol)) {
      return;
    }
    Set<String> hosts = hosts(protocol, ssl);
    if (!hosts.isEmpty()) {
      connector.addLifecycleListener(
          event -> {
            if (event.getType().equals(Lifecycle.BEFORE_START_EVENT)) {
              serve(protocol, hosts, ssl.getClientAuth());
            }
          });
    }
  }

  /** The names, as clients ask for them, that are served with the identity's bundle. */
  private static Set<String> hosts(AbstractHttp11Protocol<?> protocol, Ssl ssl) {
    Set<String> hosts = new HashSet<>();
    if (IdentitySslBundle.NAME.equals(ssl.getBundle())) {
      hosts.add(protocol.getDefaultSSLHostConfigName());
    }
    ssl.getServerNameBundles().stream()
        .filter(host -> host.bundle().equals(IdentitySslBundle.NAME))
        .forEach(host -> hosts.add(host.serverName()));
    return hosts;
  }

  private void serve(
      AbstractHttp11Protocol<?> protocol, Set<String> hosts, Ssl.@Nullable ClientAuth said) {
    TlsMaterial material = tls.get();
    boolean needed = needsCertificate(material, said);
    Arrays.stream(protocol.findSslHostConfigs())
        .filter(config -> hosts.contains(config.getHostName()))
        .forEach(config -> serve(config, material, needed));
  }

  private boolean needsCertificate(TlsMaterial material, Ssl.@Nullable ClientAuth said) {
    if (said == Ssl.ClientAuth.NEED || said == Ssl.ClientAuth.WANT) {
      return said == Ssl.ClientAuth.NEED;
    }
    return material.serverParameters().getNeedClientAuth() && !publicPaths.getAsBoolean();
  }

  private static void serve(SSLHostConfig config, TlsMaterial material, boolean needed) {
    SSLParameters parameters = material.serverParameters();
    // Tomcat enables all that the JVM has, whatever the context says.
    config.setProtocols(String.join("+", parameters.getProtocols()));
    config.setCipherSuites(suites(parameters, true));
    config.setCiphers(suites(parameters, false));
    boolean required =
        needed || config.getCertificateVerification() == CertificateVerification.REQUIRED;
    config.setCertificateVerification(required ? "required" : "optional");
    config
        .getCertificates()
        .forEach(
            certificate ->
                certificate.setSslContext(
                    SSLUtil.createSSLContext(
                        material.sslContext(), material.keyManager(), material.trustManager())));
  }

  /** Tomcat is told of those of TLS 1.3 and of the others apart. */
  private static String suites(SSLParameters parameters, boolean ofTls13) {
    return Arrays.stream(parameters.getCipherSuites())
        .filter(suite -> OpenSSLCipherConfigurationParser.isTls13Cipher(suite) == ofTls13)
        .collect(Collectors.joining(","));
  }
}
