// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.net.URI;
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
import org.jspecify.annotations.Nullable;

/**
 * How it is found out whether a peer's certificate has been revoked: by the JDK, from revocation
 * lists or by OCSP. Without one of these given to the builder nothing is asked, since certificates
 * of workloads are best kept too short-lived to need it.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .revocation(Revocation.hardFail().lists(store).ocsp(URI.create("http://ocsp.shop.example")))
 * }</pre>
 *
 * <p>Who is asked is said here and not by the peer: the addresses in certificates are followed only
 * with {@link #followingCertificates}, or if the whole JVM is told to by {@code
 * com.sun.security.enableCRLDP} or {@code ocsp.enable}.
 *
 * <p>Checked in each handshake, and again at a request when the last check is a minute old, so a
 * caller whose certificate is revoked is refused a minute later also on an open connection. Lists
 * come first. Where they say nothing and somebody is asked over the network, both wait for the
 * answer, for five seconds at most in all; after that there is none. Immutable; as thread-safe as
 * what it is given.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6.3">RFC 5280 section 6.3</a>
 */
public final class Revocation {
  static final Duration GOOD_FOR = Duration.ofMinutes(1);

  private final boolean soft;
  private final List<CertStore> stores;
  private final @Nullable Consumer<PKIXRevocationChecker> network;

  private Revocation(
      boolean soft, List<CertStore> stores, @Nullable Consumer<PKIXRevocationChecker> network) {
    this.soft = soft;
    this.stores = List.copyOf(stores);
    this.network = network;
  }

  /**
   * Refuses a peer as {@link CertificateRejection#REVOCATION_UNKNOWN} where neither a list nor a
   * responder says anything of a certificate: if they cannot be reached, nobody can call.
   *
   * @return without lists and responder
   */
  public static Revocation hardFail() {
    return new Revocation(false, List.of(), null);
  }

  /**
   * Accepts a peer where neither a list nor a responder says anything, for whatever reason: whoever
   * can keep them from being reached can use a revoked certificate.
   *
   * @return without lists and responder
   */
  public static Revocation softFail() {
    return new Revocation(true, List.of(), null);
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
    return new Revocation(soft, more, network);
  }

  /**
   * The same, asking one OCSP responder (RFC 6960) about all certificates of which the lists say
   * nothing, whatever responder they name themselves.
   *
   * @param responder its address
   * @return a new value, which does not follow certificates
   */
  public Revocation ocsp(URI responder) {
    Objects.requireNonNull(responder, "responder");
    return new Revocation(
        soft,
        stores,
        checker -> {
          checker.setOcspResponder(responder);
          checker.setOptions(Set.of(Option.NO_FALLBACK));
        });
  }

  /**
   * The same, asking also whom the certificates name: the responders of their authority information
   * access and the addresses of their distribution points, by any scheme that the JDK knows.
   *
   * <p><b>Their authorities choose whom this service calls,</b> internal addresses included, those
   * of federated trust domains too. Say this only where each authority is trusted with that.
   *
   * @param settings called with a new checker of the JDK for each check, from several threads;
   *     whether it fails soft is decided by how this was made, so {@link Option#SOFT_FAIL} is taken
   *     away
   * @return a new value, which asks no responder of {@link #ocsp}
   */
  public Revocation followingCertificates(Consumer<PKIXRevocationChecker> settings) {
    return new Revocation(soft, stores, Objects.requireNonNull(settings, "settings"));
  }

  /** Tells whether not to know is good enough. */
  boolean isSoft() {
    return soft;
  }

  boolean hasLists() {
    return !stores.isEmpty();
  }

  boolean hasNetwork() {
    return network != null;
  }

  /** Lets a path's validation look at the lists alone, which the JDK does without a checker. */
  void addListsTo(PKIXParameters parameters) {
    parameters.setRevocationEnabled(true);
    stores.forEach(parameters::addCertStore);
  }

  /** Makes a path's validation ask over the network. */
  void addNetworkTo(PKIXParameters parameters) throws NoSuchAlgorithmException {
    var checker =
        (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
    Objects.requireNonNull(network, "network").accept(checker);
    Set<Option> options = EnumSet.noneOf(Option.class);
    options.addAll(checker.getOptions());
    options.remove(Option.SOFT_FAIL);
    checker.setOptions(options);
    stores.forEach(parameters::addCertStore);
    parameters.addCertPathChecker(checker);
  }
}
