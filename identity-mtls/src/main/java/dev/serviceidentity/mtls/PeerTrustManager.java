// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spi.RefusedHandshake;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Runs {@link PeerVerifier} inside the TLS handshake, and reports the clients that it refuses. */
final class PeerTrustManager extends X509ExtendedTrustManager {
  private final Supplier<Material> current;
  private final PeerRules rules;
  private volatile Issuers issuers = new Issuers(0, List.of());

  /** All authorities of a generation, of which every server tells in every handshake. */
  private record Issuers(long generation, List<X509Certificate> certificates) {
    static Issuers of(Material material) {
      var all = new LinkedHashSet<X509Certificate>();
      material.trust().values().forEach(bundle -> all.addAll(bundle.authorities()));
      return new Issuers(material.generation(), List.copyOf(all));
    }
  }

  PeerTrustManager(Supplier<Material> current, PeerRules rules) {
    this.current = current;
    this.rules = rules;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkClient(chain, null);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkClient(chain, PeerAddress.of(socket));
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    checkClient(chain, PeerAddress.of(engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkServer(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkServer(chain);
    HostNames.check(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    checkServer(chain);
    HostNames.check(chain, authType, engine);
  }

  /** Tells peers which authorities to choose a certificate of. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    Material material = current.get();
    Issuers known = issuers;
    if (known.generation() != material.generation()) {
      known = Issuers.of(material);
      issuers = known;
    }
    return known.certificates().toArray(X509Certificate[]::new);
  }

  private void checkClient(X509Certificate[] chain, @Nullable InetAddress source)
      throws CertificateException {
    requireChain(chain);
    try {
      Material material = material();
      Instant now = rules.clock().instant();
      VerifiedPeer client =
          rules.verifier().verify(List.of(chain), PeerRole.CLIENT, material.trust(), now);
      rules.known().learn(chain[0], client, material.generation(), now);
    } catch (RefusedCertificateException refused) {
      rules
          .refused()
          .accept(
              new RefusedHandshake(
                  MechanismName.MTLS,
                  refused.rejection(),
                  refused.detail(),
                  source,
                  Fingerprint.of(chain[0])));
      throw refused;
    }
  }

  private void checkServer(X509Certificate[] chain) throws CertificateException {
    requireChain(chain);
    rules.server(List.of(chain), material(), rules.clock().instant());
  }

  /** As X509TrustManager says: who asks about nobody has made a mistake. */
  private static void requireChain(X509Certificate @Nullable [] chain) {
    if (chain == null || chain.length == 0) {
      throw new IllegalArgumentException("There is no certificate to be judged");
    }
  }

  private Material material() throws CertificateException {
    try {
      return current.get();
    } catch (IdentityException closed) {
      throw new CertificateException(closed);
    }
  }
}
