// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.MtlsIdentityBuilder;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.mtls.source.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.util.SSLFactoryUtils;
import org.conscrypt.Conscrypt;

/**
 * Two services with certificates (EC P-256, signed by the root) in a temporary directory, and their
 * contexts as different libraries make them.
 */
final class TlsWorld implements AutoCloseable {
  static final String DOMAIN = "shop.example";

  final DevelopmentCa ca = DevelopmentCa.create(DOMAIN, Clock.systemUTC());
  final Provider conscrypt = Conscrypt.newProviderBuilder().provideTrustManager(true).build();
  private final Path directory;
  private final Deque<MtlsIdentity> identities = new ArrayDeque<>();
  private final IssuedCertificate orders = issue("orders");
  private final IssuedCertificate web = issue("web");

  /** What both ends of connections are made by. */
  record Contexts(SSLContext client, SSLContext server) {}

  TlsWorld() throws IOException {
    this.directory = Files.createTempDirectory("benchmark-tls");
    orders.writeTo(files("orders"));
    web.writeTo(files("web"));
  }

  Path files(String service) {
    return directory.resolve(service);
  }

  IssuedCertificate issue(String account) {
    return ca.issue(LeafTemplate.spiffe("spiffe://" + DOMAIN + "/ns/shop/sa/" + account));
  }

  MtlsIdentity open(String service, UnaryOperator<MtlsIdentityBuilder> more) {
    MtlsIdentity identity =
        more.apply(MtlsIdentity.builder().pemDirectory(files(service)).trustDomain(DOMAIN)).open();
    identities.push(identity);
    return identity;
  }

  Contexts ours(UnaryOperator<MtlsIdentityBuilder> more) {
    return new Contexts(context(open("web", more)), context(open("orders", more)));
  }

  /** The identity whose contexts servers were given last. */
  MtlsIdentity server() {
    return identities.element();
  }

  static SSLContext context(MtlsIdentity identity) {
    return identity.tls().orElseThrow().sslContext();
  }

  Contexts jsse() throws GeneralSecurityException, IOException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    return new Contexts(
        plain(SSLContext.getInstance("TLS"), web, trust),
        plain(SSLContext.getInstance("TLS"), orders, trust));
  }

  /** With its own trust manager: the JDK's does not know what it says of TLS 1.3. */
  Contexts conscrypt() throws GeneralSecurityException, IOException {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX", conscrypt);
    return new Contexts(
        plain(SSLContext.getInstance("TLS", conscrypt), web, trust),
        plain(SSLContext.getInstance("TLS", conscrypt), orders, trust));
  }

  Contexts ayza() {
    return new Contexts(ayza(web).getSslContext(), ayza(orders).getSslContext());
  }

  /** Another library's way of taking a new certificate into use. */
  @FunctionalInterface
  interface Reloading {
    boolean reload(Credential credential);
  }

  Reloading reloadingAyza() {
    SSLFactory used = ayza(orders);
    return next -> {
      SSLFactoryUtils.reload(
          used,
          SSLFactory.builder()
              .withIdentityMaterial(next.key(), new char[0], next.chain())
              .withTrustMaterial(
                  next.trust().get(DOMAIN).authorities().toArray(X509Certificate[]::new))
              .build());
      return used.getKeyManager().isPresent();
    };
  }

  @Override
  public void close() throws IOException {
    identities.forEach(MtlsIdentity::close);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static SSLContext plain(
      SSLContext context, IssuedCertificate issued, TrustManagerFactory trust)
      throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    Certificate[] chain = issued.chain().toArray(Certificate[]::new);
    own.setKeyEntry("own", issued.privateKey(), new char[0], chain);
    keys.init(own, new char[0]);
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    authorities.setCertificateEntry("root", issued.authorities().get(0));
    trust.init(authorities);
    KeyManager[] keyManagers = keys.getKeyManagers();
    TrustManager[] trustManagers = trust.getTrustManagers();
    context.init(keyManagers, trustManagers, null);
    return context;
  }

  private static SSLFactory ayza(IssuedCertificate issued) {
    List<X509Certificate> chain = issued.chain();
    return SSLFactory.builder()
        .withIdentityMaterial(issued.privateKey(), new char[0], chain)
        .withTrustMaterial(issued.authorities())
        .withSwappableIdentityMaterial()
        .withSwappableTrustMaterial()
        .build();
  }
}
