// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.SvidChoice.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

  private static final Logger LOG = System.getLogger(JwtBundlesReader.class.getName());

  /** Those of one trust domain that can be used, and what is wrong with the others, or null. */
  private record Keys(Map<String, JWK> usable, @Nullable IdentityException trouble) {}

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
        Keys keys = keys(entry);
        domains.put(Federation.domain(entry.getKey(), api), keys.usable());
        trouble = trouble == null ? keys.trouble() : trouble;
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

  /** A key that cannot be used is left out (RFC 7517 section 5), and costs no other an update. */
  private Keys keys(Map.Entry<String, byte[]> bundle) {
    var keys = new HashMap<String, JWK>();
    IdentityException trouble = null;
    for (Map<String, Object> each : members(bundle)) {
      try {
        JWK key = JWK.parse(each);
        if (key.getKeyUse() == null || USES.contains(key.getKeyUse())) {
          check(key, bundle.getKey());
          if (key.getKeyID() != null && keys.put(key.getKeyID(), key) != null) {
            throw wrong(bundle.getKey(), "two keys with one key ID");
          }
        }
      } catch (ParseException | IllegalArgumentException unusable) {
        trouble =
            wrong(
                bundle.getKey(),
                "a key other than EC over P-256, P-384, P-521 or RSA of 2048 bits, which is left"
                    + " out");
      }
    }
    return new Keys(Map.copyOf(keys), trouble);
  }

  private Map<String, Object>[] members(Map.Entry<String, byte[]> bundle) {
    try {
      Map<String, Object> set = JSONObjectUtils.parse(new String(bundle.getValue(), UTF_8));
      Map<String, Object>[] members = JSONObjectUtils.getJSONObjectArray(set, "keys");
      if (members != null) {
        return members;
      }
    } catch (ParseException | IllegalArgumentException e) {
      LOG.log(Level.DEBUG, "A JWT bundle that is no JWK set", e);
    }
    throw wrong(bundle.getKey(), "something that is no JWK set");
  }

  /** What a private or a shared key in it could sign would be worth nothing. */
  private void check(JWK key, String domain) throws ParseException {
    if (key.isPrivate()) {
      throw wrong(domain, "a private or a shared key");
    }
    boolean strong =
        key instanceof ECKey ec
            ? CURVES.contains(ec.getCurve())
            : key instanceof RSAKey rsa && rsa.size() >= FEWEST_RSA_BITS;
    if (!strong) {
      throw new ParseException("No key of these kinds", 0);
    }
  }

  private IdentityException wrong(String domain, String what) {
    return refused(
        api, "has sent a JWT bundle for " + domain + " with " + what, "see the agent's log");
  }
}
