// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static dev.serviceidentity.identity.IdentityException.Code.EXPIRED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mtls.pem.KeyPairs;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import java.security.ProviderException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Holds the own certificate to the rules by which peers will judge it, before it is used. */
final class OwnCertificate {
  private final PeerVerifier verifier;
  private final String trustDomain;
  private final CertificateSource.Origin origin;

  OwnCertificate(PeerVerifier verifier, String trustDomain, CertificateSource.Origin origin) {
    this.verifier = verifier;
    this.trustDomain = trustDomain;
    this.origin = origin;
  }

  /** Where it is, for messages; what the source said when it was opened. */
  String place() {
    return origin.certificate();
  }

  /**
   * Checks form, name, validity and key.
   *
   * @throws IdentityException if no peer could accept it
   */
  IdentitySnapshot check(Credential credential, long generation, Instant now) {
    IdentitySnapshot identity = checkAgain(credential, generation, now);
    requireKey(credential);
    return identity;
  }

  /** The same for one that was found to fit its key, of which only the clock can make less. */
  IdentitySnapshot checkAgain(Credential credential, long generation, Instant now) {
    PrincipalId principal = identify(credential, now);
    if (!principal.domain().equals(trustDomain)) {
      throw trouble(
          "is for "
              + principal.nativeName()
              + ", not of the configured trust domain "
              + trustDomain
              + "; mount this service's own secret or correct trustDomain(...)",
          null);
    }
    return new IdentitySnapshot(
        principal,
        credential.leaf().getNotBefore().toInstant(),
        credential.leaf().getNotAfter().toInstant(),
        generation);
  }

  private void requireKey(Credential credential) {
    try {
      if (KeyPairs.fit(credential.key(), credential.leaf().getPublicKey())) {
        return;
      }
    } catch (ProviderException e) {
      throw trouble(
          "cannot be used: the key in "
              + origin.key()
              + " does not sign; see the cause, and whether what holds the key is there",
          e);
    }
    throw trouble(
        "does not belong to the key in " + origin.key() + "; replace both together", null);
  }

  /**
   * Checks at a call that the connection can prove this identity.
   *
   * @throws IdentityException with code {@code CONFIGURATION} if there is no TLS, {@code EXPIRED}
   *     if the certificate is not valid now
   */
  static void requireProof(IdentitySnapshot mine, Target target, Instant now) {
    if (!target.isSecure()) {
      throw new IdentityException(
          CONFIGURATION,
          "A certificate proves nothing over plain HTTP; call " + target + " by https");
    }
    if (!mine.isValidAt(now)) {
      throw new IdentityException(
          EXPIRED,
          "This service's certificate for "
              + mine.principal()
              + " is valid from "
              + mine.notBefore()
              + " until "
              + mine.expiresAt()
              + " and it is "
              + now
              + "; see health() for why it was not renewed");
    }
  }

  /** Why peers with the same trust would refuse it, or null. Not fatal: peers may trust others. */
  @Nullable String refusalByPeers(Credential credential, Instant now) {
    try {
      for (PeerRole role : PeerRole.values()) {
        verifier.verify(credential.chain(), role, credential.trust(), now);
      }
      return null;
    } catch (RefusedCertificateException e) {
      return origin.certificate()
          + ": peers that trust the same "
          + origin.authorities()
          + " would refuse this service's certificate: "
          + explain(e);
    }
  }

  private PrincipalId identify(Credential credential, Instant now) {
    try {
      return verifier.identify(credential.chain(), now);
    } catch (RefusedCertificateException e) {
      throw new IdentityException(
          CONFIGURATION,
          origin.certificate()
              + ": this service's certificate would be refused by peers: "
              + explain(e),
          e);
    }
  }

  /** The remedies of reasons are for whoever refuses a peer; some differ for the own side. */
  private String explain(RefusedCertificateException refused) {
    CertificateRejection reason = refused.rejection();
    String cure =
        switch (reason) {
          case EXPIRED ->
              "See why this service's certificate was not renewed, and compare this host's clock"
                  + " with its authority's.";
          case NOT_YET_VALID -> "Compare this host's clock with the authority's.";
          case UNTRUSTED_ISSUER ->
              "Put the authority that issued it into "
                  + origin.authorities()
                  + ", and intermediates behind the leaf in "
                  + origin.certificate()
                  + ".";
          case UNKNOWN_TRUST_DOMAIN ->
              "Let " + origin.authorities() + " have a bundle for " + trustDomain + ".";
          default -> reason.remedy();
        };
    return reason + ": " + refused.detail() + ". " + cure;
  }

  private IdentityException trouble(String what, @Nullable Exception cause) {
    return new IdentityException(CONFIGURATION, origin.certificate() + " " + what, cause);
  }
}
