// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.SvidChoice.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWTBundlesResponse. A domain whose bundle is no good keeps the one from before; one
 * without a bundle is out.
 */
final class JwtBundlesReader implements Latest.Reader<JwtBundles> {
  private static final int BUNDLES = 1;
  private static final int FEWEST_RSA_BITS = 2048;
  private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

  /** SPIFFE Trust Domain and Bundle section 4.2.2; SPIRE's agent leaves it out. */
  private static final Set<KeyUse> USES = Set.of(new KeyUse("jwt-svid"), KeyUse.SIGNATURE);

  private final WorkloadApi api;

  JwtBundlesReader(WorkloadApi api) {
    this.api = api;
  }

  @Override
  public JwtBundles read(byte[] message, @Nullable JwtBundles earlier) {
    Map<String, byte[]> bundles;
    try {
      bundles = new TreeMap<>(WireMessage.parse(message).map(BUNDLES));
    } catch (IOException e) {
      throw refused(api, "has sent something that is no answer", "see the agent's log");
    }
    if (bundles.isEmpty()) {
      throw refused(api, "has sent no JWT bundle", "see the agent's log");
    }
    var domains = new HashMap<String, Map<String, JWK>>();
    IdentityException trouble = null;
    for (Map.Entry<String, byte[]> entry : bundles.entrySet()) {
      try {
        domains.put(Federation.domain(entry.getKey(), api), keys(entry));
      } catch (IdentityException e) {
        trouble = trouble == null ? e : trouble;
        keepEarlier(entry.getKey(), earlier, domains);
      }
    }
    if (domains.isEmpty() && trouble != null) {
      throw trouble;
    }
    return new JwtBundles(Map.copyOf(domains), trouble);
  }

  private static void keepEarlier(
      String id, @Nullable JwtBundles earlier, Map<String, Map<String, JWK>> domains) {
    if (earlier != null) {
      earlier
          .domains()
          .forEach(
              (domain, keys) -> {
                if (id.equals("spiffe://" + domain)) {
                  domains.put(domain, keys);
                }
              });
    }
  }

  private Map<String, JWK> keys(Map.Entry<String, byte[]> bundle) {
    var keys = new HashMap<String, JWK>();
    try {
      for (JWK key : JWKSet.parse(new String(bundle.getValue(), UTF_8)).getKeys()) {
        if (key.getKeyUse() == null || USES.contains(key.getKeyUse())) {
          check(key, bundle.getKey());
          if (key.getKeyID() != null && keys.put(key.getKeyID(), key) != null) {
            throw wrong(bundle.getKey(), "two keys with one key ID");
          }
        }
      }
      return Map.copyOf(keys);
    } catch (ParseException | IllegalArgumentException e) {
      throw wrong(bundle.getKey(), "something that is no JWK set");
    }
  }

  /** What a private or a shared key in it could sign would be worth nothing. */
  private void check(JWK key, String domain) {
    if (key.isPrivate()) {
      throw wrong(domain, "a private or a shared key");
    }
    boolean strong =
        key instanceof ECKey ec
            ? CURVES.contains(ec.getCurve())
            : key instanceof RSAKey rsa && rsa.size() >= FEWEST_RSA_BITS;
    if (!strong) {
      throw wrong(domain, "a key other than EC over P-256, P-384, P-521 or RSA of 2048 bits");
    }
  }

  private IdentityException wrong(String domain, String what) {
    return refused(
        api, "has sent a JWT bundle for " + domain + " with " + what, "see the agent's log");
  }
}
