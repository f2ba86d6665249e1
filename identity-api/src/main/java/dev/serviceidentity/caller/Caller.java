// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import dev.serviceidentity.identity.PrincipalId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A caller whose credential has been verified: who, when, until when, and by which credential.
 *
 * <p>Holds no secret. Made by mechanisms after verification, and by tests; holding a {@code Caller}
 * therefore proves nothing by itself, a {@link Verification.Verified} from a verifier does.
 * Immutable and thread-safe.
 */
public final class Caller {
  private final PrincipalId principal;
  private final Instant authenticatedAt;
  private final Instant expiresAt;
  private final Facts facts;

  /** What else is known; most callers have little of it. */
  private record Facts(
      Map<String, String> attributes,
      @Nullable String fingerprint,
      @Nullable Forwarder forwardedBy,
      @Nullable BoundPod pod) {
    static final Facts NONE = new Facts(Map.of(), null, null, null);
  }

  /**
   * The one pod that a credential is for, as its issuer says.
   *
   * @param name the pod's name, in the namespace of the service account
   * @param uid the pod's uid, which no other pod has at any time
   */
  public record BoundPod(String name, String uid) {
    /**
     * Checks that nothing is missing.
     *
     * @param name the pod's name
     * @param uid the pod's uid
     * @throws IllegalArgumentException if one is empty
     */
    public BoundPod {
      if (name.isEmpty() || uid.isEmpty()) {
        throw new IllegalArgumentException("A pod that a credential is for has a name and a uid");
      }
    }
  }

  private Caller(PrincipalId principal, Instant authenticatedAt, Instant expiresAt, Facts facts) {
    this.principal = Objects.requireNonNull(principal, "principal");
    this.authenticatedAt = Objects.requireNonNull(authenticatedAt, "authenticatedAt");
    this.expiresAt = Objects.requireNonNull(expiresAt, "expiresAt");
    this.facts = facts;
  }

  /**
   * A caller, as a mechanism states it after verification.
   *
   * @param principal the proven name
   * @param authenticatedAt when the proof was made or checked
   * @param expiresAt when the credential ends
   * @return a caller without attributes and fingerprint
   */
  public static Caller of(PrincipalId principal, Instant authenticatedAt, Instant expiresAt) {
    return new Caller(principal, authenticatedAt, expiresAt, Facts.NONE);
  }

  /**
   * The same caller, proven at another time by the same credential.
   *
   * @param at when the proof was made or checked
   * @return a new caller
   */
  public Caller authenticatedAt(Instant at) {
    return new Caller(principal, at, expiresAt, facts);
  }

  /**
   * The same caller with a fact from the credential.
   *
   * @param name what the mechanism's documentation calls it
   * @param value its value
   * @return a new caller
   */
  public Caller attribute(String name, String value) {
    var more = new TreeMap<>(facts.attributes);
    more.put(name, value);
    return with(new Facts(Map.copyOf(more), facts.fingerprint, facts.forwardedBy, facts.pod));
  }

  /**
   * The same caller with the credential's fingerprint.
   *
   * @param text a certificate's SHA-256, a token id's hash, a ticket's time; never the credential
   * @return a new caller
   */
  public Caller fingerprint(String text) {
    Objects.requireNonNull(text, "text");
    return with(new Facts(facts.attributes, text, facts.forwardedBy, facts.pod));
  }

  /**
   * The same caller, whose credential somebody else has presented: it did not prove itself on this
   * connection.
   *
   * @param forwarder who vouches for it; the mechanism has made sure that it is trusted to
   * @return a new caller
   */
  public Caller forwardedBy(Forwarder forwarder) {
    Objects.requireNonNull(forwarder, "forwarder");
    return with(new Facts(facts.attributes, facts.fingerprint, forwarder, facts.pod));
  }

  /**
   * The same caller, whose credential is for one pod: used from another pod of the same service
   * account, it is refused.
   *
   * @param one that pod
   * @return a new caller
   */
  public Caller boundTo(BoundPod one) {
    Objects.requireNonNull(one, "one");
    return with(new Facts(facts.attributes, facts.fingerprint, facts.forwardedBy, one));
  }

  /**
   * The proven name.
   *
   * @return never null
   */
  public PrincipalId principal() {
    return principal;
  }

  /**
   * When the proof was made or checked.
   *
   * @return never null
   */
  public Instant authenticatedAt() {
    return authenticatedAt;
  }

  /**
   * When the credential ends.
   *
   * @return never null
   */
  public Instant expiresAt() {
    return expiresAt;
  }

  /**
   * Facts from the credential, by the names of the mechanism's documentation.
   *
   * @return an unmodifiable map
   */
  public Map<String, String> attributes() {
    return facts.attributes;
  }

  /**
   * What identifies the credential in an audit log without giving it away.
   *
   * @return empty if the mechanism has none
   */
  public Optional<String> fingerprint() {
    return Optional.ofNullable(facts.fingerprint);
  }

  /**
   * Who passed this caller's request on.
   *
   * @return empty for a caller that has proven itself on the connection
   */
  public Optional<Forwarder> forwardedBy() {
    return Optional.ofNullable(facts.forwardedBy);
  }

  /**
   * The one pod that the credential is for.
   *
   * @return empty for a credential that all pods of a service account may have
   */
  public Optional<BoundPod> boundPod() {
    return Optional.ofNullable(facts.pod);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Caller that
        && principal.equals(that.principal)
        && authenticatedAt.equals(that.authenticatedAt)
        && expiresAt.equals(that.expiresAt)
        && facts.equals(that.facts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(principal, authenticatedAt, expiresAt, facts);
  }

  private Caller with(Facts others) {
    return new Caller(principal, authenticatedAt, expiresAt, others);
  }

  /** Returns the principal's canonical text. */
  @Override
  public String toString() {
    return principal.toString();
  }
}
