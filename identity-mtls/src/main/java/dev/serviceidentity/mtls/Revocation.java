// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How it is found out whether a peer's certificate has been revoked: by the JDK, from revocation
 * lists or by OCSP. Without one of these given to the builder nothing is asked, since certificates
 * of workloads are best kept too short-lived to need it.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .revocation(Revocation.hardFail().lists(store).checker(c -> c.setOptions(Set.of(NO_FALLBACK, PREFER_CRLS))))
 * }</pre>
 *
 * <p>Checked in each handshake, and again at a request when the last check is a minute old, so a
 * caller whose certificate is revoked is refused a minute later also on an open connection. A
 * checker that asks over the network makes both wait for it. Immutable; as thread-safe as what it
 * is given.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6.3">RFC 5280 section 6.3</a>
 */
public final class Revocation {
  static final Duration GOOD_FOR = Duration.ofMinutes(1);

  private final boolean soft;
  private final List<CertStore> stores;
  private final Consumer<PKIXRevocationChecker> settings;

  private Revocation(
      boolean soft, List<CertStore> stores, Consumer<PKIXRevocationChecker> settings) {
    this.soft = soft;
    this.stores = List.copyOf(stores);
    this.settings = settings;
  }

  /**
   * Refuses a peer as {@link CertificateRejection#REVOCATION_UNKNOWN} where neither a list nor a
   * responder says anything of a certificate: if they cannot be reached, nobody can call.
   *
   * @return without lists; with the JDK's settings otherwise
   */
  public static Revocation hardFail() {
    return new Revocation(false, List.of(), checker -> {});
  }

  /**
   * Accepts a peer where neither a list nor a responder says anything, for whatever reason: whoever
   * can keep them from being reached can use a revoked certificate.
   *
   * @return without lists; with the JDK's settings otherwise
   */
  public static Revocation softFail() {
    return new Revocation(true, List.of(), checker -> {});
  }

  /**
   * The same with revocation lists from a store, which is asked at each check: one over a
   * concurrent collection follows its changes.
   *
   * @param store holds the lists; one more for each call
   * @return a new value
   */
  public Revocation lists(CertStore store) {
    var more = new ArrayList<>(stores);
    more.add(Objects.requireNonNull(store, "store"));
    return new Revocation(soft, more, settings);
  }

  /**
   * The same with settings of the JDK's checker, such as the OCSP responder. Whether it fails soft
   * is decided by how this was made: {@link Option#SOFT_FAIL} is taken away.
   *
   * @param more called with a new checker for each check, from several threads
   * @return a new value
   */
  public Revocation checker(Consumer<PKIXRevocationChecker> more) {
    return new Revocation(soft, stores, settings.andThen(more));
  }

  /** Tells whether not to know is good enough. */
  boolean isSoft() {
    return soft;
  }

  /** Makes a path's validation ask. */
  void addTo(PKIXParameters parameters) throws NoSuchAlgorithmException {
    var checker =
        (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
    settings.accept(checker);
    Set<Option> options = EnumSet.noneOf(Option.class);
    options.addAll(checker.getOptions());
    options.remove(Option.SOFT_FAIL);
    checker.setOptions(options);
    stores.forEach(parameters::addCertStore);
    parameters.addCertPathChecker(checker);
  }
}
