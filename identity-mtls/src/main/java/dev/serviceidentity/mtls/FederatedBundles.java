// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.pem.PemFile;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files with the authorities of other trust domains, one for each (SPIFFE Trust Domain and Bundle,
 * section 5). They are not read as one: a file that is no good costs its own domain an update, and
 * nobody else's.
 */
final class FederatedBundles {
  private final Map<String, Path> files;

  private FederatedBundles(Map<String, Path> files) {
    this.files = new TreeMap<>(files);
  }

  /**
   * Reads nothing yet.
   *
   * @throws IdentityException if there is a file that no peer could be judged by
   */
  static FederatedBundles of(
      Map<String, Path> files, String ownTrustDomain, @Nullable PlainName names) {
    if (files.containsKey(ownTrustDomain)) {
      throw new IdentityException(
          CONFIGURATION,
          "federatedTrust(...) is for other trust domains; the authorities of "
              + ownTrustDomain
              + " come with its own certificate");
    }
    if (names != null && !files.isEmpty()) {
      throw new IdentityException(
          CONFIGURATION,
          "federatedTrust(...) needs SPIFFE IDs: no other certificate says which trust domain it"
              + " is of");
    }
    return new FederatedBundles(files);
  }

  /**
   * What the files held at one moment.
   *
   * @param domains all that have a file
   * @param good the bundles that could be read
   * @param failure of the first one that could not, the others suppressed in it
   */
  record Reading(
      Set<String> domains, Map<String, TrustBundle> good, @Nullable IdentityException failure) {
    /**
     * The bundles of a source, all of them and no others, and of the files what could be read over
     * what was in use until now.
     */
    Map<String, TrustBundle> with(
        Map<String, TrustBundle> source, Map<String, TrustBundle> earlier) {
      var bundles = new HashMap<>(source);
      for (String trustDomain : domains) {
        TrustBundle bundle = good.getOrDefault(trustDomain, earlier.get(trustDomain));
        if (bundle != null) {
          bundles.put(trustDomain, bundle);
        }
      }
      return Map.copyOf(bundles);
    }
  }

  Reading read() {
    var good = new HashMap<String, TrustBundle>();
    IdentityException failure = null;
    for (Map.Entry<String, Path> entry : files.entrySet()) {
      try {
        var file = new PemFile(entry.getValue(), entry.getValue());
        good.put(entry.getKey(), TrustBundle.of(entry.getKey(), file.authorities()));
      } catch (IdentityException e) {
        if (failure == null) {
          failure = ofDomain(entry.getKey(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    return new Reading(files.keySet(), good, failure);
  }

  /** The files to watch. */
  Collection<Path> files() {
    return files.values();
  }

  private static IdentityException ofDomain(String trustDomain, IdentityException e) {
    return new IdentityException(
        e.code(), "federatedTrust(\"" + trustDomain + "\", ...): " + e.getMessage(), e);
  }
}
