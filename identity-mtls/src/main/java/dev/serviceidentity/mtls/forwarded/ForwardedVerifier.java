// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.BY_MISSING;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.BY_OTHER;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.FORWARDED_PROXY;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.HASH_MALFORMED;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.NO_NAME;
import static dev.serviceidentity.mtls.forwarded.RefusedHeaderException.require;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Judges the peer first. If that is a forwarder, the caller is whom its header names; if it is not,
 * it is itself the caller, whatever headers it sends.
 */
final class ForwardedVerifier implements CallerVerifier {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final String SPIFFE = "spiffe://";

  private final ForwardedCallers trusted;
  private final CallerVerifier direct;
  private final ForwardedPeers peers;

  ForwardedVerifier(ForwardedCallers trusted, CallerVerifier direct, ForwardedPeers peers) {
    this.trusted = trusted;
    this.direct = Objects.requireNonNull(direct, "direct");
    this.peers = Objects.requireNonNull(peers, "peers");
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return direct.claims(evidence) || sidecar(evidence) != null;
  }

  @Override
  public List<String> ignored(CallerEvidence evidence) {
    List<String> found = ForwardingHeader.in(evidence);
    return found.isEmpty() || isTrusted(evidence)
        ? List.of()
        : List.of(
            String.join(", ", found)
                + " from "
                + evidence.source().getAddress().getHostAddress()
                + ", which is not a proxy that is trusted to forward");
  }

  @Override
  public List<String> challenges() {
    return direct.challenges();
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    ForwarderTrust sidecar = sidecar(evidence);
    if (sidecar != null) {
      return forwarded(evidence, sidecar, new Forwarder.Sidecar(evidence.source().getAddress()));
    }
    Verification peer = direct.verify(evidence);
    if (!(peer instanceof Verified verified)) {
      return peer;
    }
    ForwarderTrust trust = trusted.proxy(verified.caller().principal());
    if (trust == null) {
      return peer;
    }
    Verification found = forwarded(evidence, trust, new Forwarder.Proxy(verified.caller()));
    // What ends the proxy's connection in good time is the proxy's matter.
    return found instanceof Verified caller
        ? new Verified(caller.caller(), verified.reply())
        : found;
  }

  /** Who has shown a certificate is judged by that and never by its address. */
  private @Nullable ForwarderTrust sidecar(CallerEvidence evidence) {
    return evidence.peerCertificates().isEmpty() && !ForwardingHeader.in(evidence).isEmpty()
        ? trusted.sidecar(evidence)
        : null;
  }

  private boolean isTrusted(CallerEvidence evidence) {
    return sidecar(evidence) != null
        || (!evidence.peerCertificates().isEmpty()
            && direct.verify(evidence) instanceof Verified verified
            && trusted.proxy(verified.caller().principal()) != null);
  }

  private Verification forwarded(
      CallerEvidence evidence, ForwarderTrust trust, Forwarder forwarder) {
    try {
      Verification found = read(evidence, trust);
      if (found instanceof Rejected rejected) {
        // Without its reply: the connection is the proxy's, and carries others' requests too.
        return refused(rejected.reason(), rejected.detail(), forwarder);
      }
      Caller caller = ((Verified) found).caller();
      require(
          trusted.proxy(caller.principal()) == null,
          FORWARDED_PROXY,
          caller.principal() + " is a proxy itself");
      return Verification.verified(caller.forwardedBy(forwarder));
    } catch (RefusedHeaderException e) {
      return refused(e.rejection(), e.detail(), forwarder);
    } catch (IdentityException closed) {
      return Verification.closed(closed);
    }
  }

  private static Rejected refused(Reason reason, String detail, Forwarder forwarder) {
    return Verification.rejected(reason, detail + " (forwarded by " + forwarder + ")");
  }

  private Verification read(CallerEvidence evidence, ForwarderTrust trust)
      throws RefusedHeaderException {
    String value = trust.header().only(evidence);
    return switch (trust.header()) {
      case X_FORWARDED_CLIENT_CERT -> element(xfcc(value), trust);
      case CLIENT_CERT -> certified(chain(value, evidence.header(ForwardingHeader.CHAIN)));
      case L5D_CLIENT_ID -> linkerd(value);
    };
  }

  private ForwardedElement xfcc(String value) throws RefusedHeaderException {
    return trusted.isAppending() ? XfccReader.lastOf(value) : XfccReader.onlyOf(value);
  }

  private Verification element(ForwardedElement element, ForwarderTrust trust)
      throws RefusedHeaderException {
    String by = element.by();
    String writer = trust.by() == null ? peers.self().nativeName() : trust.by();
    require(by != null, BY_MISSING, "The last element has no By");
    require(
        writer.equals(by),
        BY_OTHER,
        "By is " + ForeignText.quote(String.valueOf(by)) + ", not " + writer);
    String hash = element.hash();
    require(
        hash == null || SHA256.matcher(hash).matches(),
        HASH_MALFORMED,
        "Hash is not a SHA-256 in hexadecimal digits");
    List<X509Certificate> chain = ForwardedCertificate.chain(element);
    if (!chain.isEmpty()) {
      return certified(chain);
    }
    require(
        !element.uris().isEmpty() || !element.dnsNames().isEmpty(),
        NO_NAME,
        "The last element has neither URI nor DNS nor Cert");
    Verification named = asserted(element.uris(), element.dnsNames());
    return hash != null && named instanceof Verified verified
        ? Verification.verified(
            verified.caller().fingerprint("sha256:" + hash.toLowerCase(Locale.ROOT)))
        : named;
  }

  private static List<X509Certificate> chain(String certificate, List<String> chain)
      throws RefusedHeaderException {
    var certificates = new ArrayList<X509Certificate>();
    certificates.add(ForwardedCertificate.ofDer(ClientCertReader.certificate(certificate)));
    if (!chain.isEmpty()) {
      for (byte[] der : ClientCertReader.chain(chain)) {
        certificates.add(ForwardedCertificate.ofDer(der));
      }
    }
    return certificates;
  }

  private Verification linkerd(String value) throws RefusedHeaderException {
    HeaderText.check(value);
    String name = HeaderText.trimmed(value);
    require(!name.isEmpty(), NO_NAME, "l5d-client-id is empty");
    return name.startsWith(SPIFFE)
        ? asserted(List.of(name), List.of())
        : asserted(List.of(), List.of(name));
  }

  private Verification certified(List<X509Certificate> chain) {
    return marked(peers.verify(chain), ForwardedCallers.CERTIFICATE);
  }

  private Verification asserted(List<String> uris, List<String> dnsNames) {
    return marked(peers.named(uris, dnsNames), ForwardedCallers.ASSERTION);
  }

  private static Verification marked(Verification found, String proof) {
    return found instanceof Verified verified
        ? Verification.verified(verified.caller().attribute(ForwardedCallers.PROOF, proof))
        : found;
  }
}
