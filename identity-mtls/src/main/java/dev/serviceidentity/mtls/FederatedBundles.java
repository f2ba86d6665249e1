// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
              + " are in ca.crt");
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
   * @param good the bundles that could be read
   * @param failure of the first one that could not, the others suppressed in it
   */
  record Reading(Map<String, TrustBundle> good, @Nullable IdentityException failure) {
    /** The same with the bundle of the own trust domain, which comes from elsewhere. */
    Reading and(TrustBundle own) {
      var all = new HashMap<>(good);
      all.put(own.trustDomain(), own);
      return new Reading(all, failure);
    }

    /** Those in use until now, replaced by what could be read. */
    Map<String, TrustBundle> over(Map<String, TrustBundle> earlier) {
      var bundles = new HashMap<>(earlier);
      bundles.putAll(good);
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
    return new Reading(good, failure);
  }

  /** The directories to watch. */
  Stream<Path> directories() {
    return files.values().stream().map(file -> file.toAbsolutePath().getParent()).distinct();
  }

  private static IdentityException ofDomain(String trustDomain, IdentityException e) {
    return new IdentityException(
        e.code(), "federatedTrust(\"" + trustDomain + "\", ...): " + e.getMessage(), e);
  }
}
