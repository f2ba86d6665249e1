// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.SvidChoice.refused;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.der.MalformedDerException;
import dev.serviceidentity.mtls.pem.BareDer;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads an X509SVIDResponse. Whether certificate, key and authorities fit each other is checked by
 * the identity that uses them, by the same rules as for all sources. A part that cannot be read
 * stays what it was: whom to trust does not wait for the own certificate, and a bundle costs no
 * other trust domain an update.
 */
final class SvidReader implements Latest.Reader<SvidUpdate> {
  private static final int SVIDS = 1;
  private static final int FEDERATED_BUNDLES = 3;

  // In an X509SVID.
  private static final int CHAIN = 2;
  private static final int KEY = 3;
  private static final int BUNDLE = 4;

  /** The choice of GeneralName (RFC 5280 section 4.2.1.6). */
  private static final int URI = 6;

  private final WorkloadApi api;
  private final SvidChoice choice;

  SvidReader(WorkloadApi api, SvidChoice choice) {
    this.api = api;
    this.choice = choice;
  }

  @Override
  public SvidUpdate read(byte[] message, @Nullable SvidUpdate earlier) {
    try {
      WireMessage response = WireMessage.parse(message);
      var svids = new ArrayList<WireMessage>();
      for (byte[] each : response.all(SVIDS)) {
        svids.add(WireMessage.parse(each));
      }
      Credential before = earlier == null ? null : earlier.credential();
      var bundles =
          new Bundles(response.map(FEDERATED_BUNDLES), before == null ? Map.of() : before.trust());
      return read(svids, bundles, before);
    } catch (IOException e) {
      throw refused(api, "has sent something that is no answer", "see the agent's log");
    } finally {
      Arrays.fill(message, (byte) 0);
    }
  }

  private SvidUpdate read(List<WireMessage> svids, Bundles bundles, @Nullable Credential before) {
    List<TrustBundle> trust = bundles.ofOthers();
    try {
      SvidChoice.Chosen chosen = choice.from(svids, api);
      trust.add(bundles.bundle(choice.trustDomain(), chosen.svid().bytes(BUNDLE)));
      return new SvidUpdate(Credential.of(chain(chosen), key(chosen), trust), bundles.trouble);
    } catch (IdentityException e) {
      // An answer without any SVID says nothing about trust either.
      if (before == null || svids.isEmpty()) {
        throw e;
      }
      return new SvidUpdate(before.trusting(bundles.withOwn(trust)), e);
    }
  }

  private List<X509Certificate> chain(SvidChoice.Chosen chosen) {
    try {
      List<X509Certificate> chain = BareDer.certificates(chosen.svid().bytes(CHAIN));
      if (!chain.isEmpty() && !uris(chain.get(0)).equals(List.of(chosen.id().toString()))) {
        throw refused(
            api,
            "has sent a certificate for " + uris(chain.get(0)) + " as that of " + chosen.id(),
            "see the agent's log");
      }
      return chain;
    } catch (MalformedDerException | CertificateParsingException e) {
      throw refused(
          api,
          "has sent a certificate for " + chosen.id() + " that cannot be read: " + e.getMessage(),
          "see the agent's log");
    }
  }

  /** The message of a key's parser may quote the key. */
  private PrivateKey key(SvidChoice.Chosen chosen) {
    byte[] pkcs8 = chosen.svid().bytes(KEY);
    try {
      return BareDer.key(pkcs8);
    } catch (GeneralSecurityException | MalformedDerException e) {
      throw refused(
          api,
          "has sent a key for " + chosen.id() + " that is no PKCS#8 of an EC, RSA or Ed25519 key",
          "see the agent's log");
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private static List<Object> uris(X509Certificate leaf) throws CertificateParsingException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    var uris = new ArrayList<>();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      if (name.get(0).equals(URI)) {
        uris.add(name.get(1));
      }
    }
    return uris;
  }

  /** The authorities in an answer, and what was wrong with those of other trust domains. */
  private final class Bundles {
    private final Map<String, byte[]> federated;
    private final Map<String, TrustBundle> earlier;
    private @Nullable IdentityException trouble;

    Bundles(Map<String, byte[]> federated, Map<String, TrustBundle> earlier) {
      this.federated = new TreeMap<>(federated);
      this.earlier = earlier;
    }

    /** A domain whose bundle is no good keeps the one from before; one without a bundle is out. */
    List<TrustBundle> ofOthers() {
      var bundles = new ArrayList<TrustBundle>();
      federated.forEach(
          (id, der) -> {
            try {
              bundles.add(bundle(foreignDomain(id), der));
            } catch (IdentityException e) {
              keepEarlier(id, bundles);
              trouble = trouble == null ? e : trouble;
            }
          });
      return bundles;
    }

    /** With the own domain's bundle from before, if there is no newer one. */
    Map<String, TrustBundle> withOwn(List<TrustBundle> read) {
      var trust = new HashMap<>(Credential.byDomain(read));
      TrustBundle own = earlier.get(choice.trustDomain());
      if (own != null) {
        trust.putIfAbsent(choice.trustDomain(), own);
      }
      return trust;
    }

    private void keepEarlier(String id, List<TrustBundle> bundles) {
      earlier.forEach(
          (domain, bundle) -> {
            if (id.equals("spiffe://" + domain) && !domain.equals(choice.trustDomain())) {
              bundles.add(bundle);
            }
          });
    }

    private String foreignDomain(String id) {
      return Federation.domain(id, choice.trustDomain(), api);
    }

    private TrustBundle bundle(String trustDomain, byte[] der) {
      try {
        List<X509Certificate> authorities = BareDer.certificates(der);
        if (authorities.isEmpty()
            || authorities.stream().anyMatch(each -> each.getBasicConstraints() < 0)) {
          throw refused(
              api,
              "has sent a bundle for " + trustDomain + " with none or other than authorities",
              "see the agent's log");
        }
        return TrustBundle.of(trustDomain, authorities);
      } catch (MalformedDerException e) {
        throw refused(
            api,
            "has sent a bundle for " + trustDomain + " that cannot be read: " + e.getMessage(),
            "see the agent's log");
      }
    }
  }
}
