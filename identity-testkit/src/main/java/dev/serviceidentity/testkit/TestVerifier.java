// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.caller.Verification.rejected;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Verifies the evidence of a {@link TestIdentity}, of whichever mechanism: its seal, its time, and
 * its trust domain or realm.
 *
 * <pre>{@code
 * var verifier = TestVerifier.trusting("shop.example", "SHOP.EXAMPLE");
 * Verification seen = verifier.verify(TestIdentity.of("kerberos:alice@SHOP.EXAMPLE").evidence());
 * assertThat(seen).isVerifiedAs("kerberos:alice@SHOP.EXAMPLE");
 * }</pre>
 *
 * <p>Takes microseconds and nothing but the JDK's HMAC. Evidence of certificates ({@link
 * TestIdentity#issuedBy}) is not its own: that is for {@code MtlsIdentity}. Immutable and
 * thread-safe.
 */
public final class TestVerifier implements CallerVerifier {
  private final Set<String> domains;
  private final Clock clock;
  private final Predicate<PrincipalId> mine;

  private TestVerifier(Set<String> domains, Clock clock, Predicate<PrincipalId> mine) {
    this.domains = Set.copyOf(domains);
    this.clock = Objects.requireNonNull(clock, "clock");
    this.mine = mine;
  }

  /**
   * A verifier that goes by the system's clock.
   *
   * @param domains the trust domains, realms and token issuers whose identities it believes
   * @return the verifier
   */
  public static TestVerifier trusting(String... domains) {
    return new TestVerifier(Set.of(domains), Clock.systemUTC(), principal -> true);
  }

  /**
   * The same verifier by another clock.
   *
   * @param source decides whether a credential is valid
   * @return a new verifier
   */
  public TestVerifier clock(Clock source) {
    return new TestVerifier(domains, source, mine);
  }

  /** The same verifier for one mechanism's principals, as a part of a mechanism. */
  TestVerifier only(Predicate<PrincipalId> some) {
    return new TestVerifier(domains, clock, some);
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return !fields(evidence).isEmpty();
  }

  @Override
  public List<String> challenges() {
    return List.of(TestToken.FIELD);
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    List<String> values = fields(evidence);
    if (values.size() != 1) {
      return rejected(TestRejection.MALFORMED, values.size() + " fields " + TestToken.FIELD);
    }
    try {
      return judge(TestToken.read(values.get(0)));
    } catch (TestToken.UnreadableException unreadable) {
      return rejected(unreadable.reason(), String.valueOf(unreadable.getMessage()));
    }
  }

  private Verification judge(TestToken token) {
    PrincipalId principal = token.principal();
    if (!domains.contains(principal.domain())) {
      return rejected(
          TestRejection.UNTRUSTED_DOMAIN, principal + " is not of a domain in " + domains);
    }
    Instant now = clock.instant();
    if (now.isBefore(token.notBefore())) {
      return rejected(
          TestRejection.NOT_YET_VALID,
          principal + " begins at " + token.notBefore() + " and it is " + now);
    }
    if (!now.isBefore(token.expiresAt())) {
      return rejected(
          TestRejection.EXPIRED,
          principal + " ended at " + token.expiresAt() + " and it is " + now);
    }
    return Verification.verified(
        Caller.of(principal, now, token.expiresAt()).fingerprint("test:" + token.expiresAt()));
  }

  /** A request carries one field a mechanism; what cannot be read is everybody's. */
  private List<String> fields(CallerEvidence evidence) {
    return evidence.header(TestToken.FIELD).stream().filter(this::isMine).toList();
  }

  private boolean isMine(String value) {
    return TestToken.claimed(value).map(mine::test).orElse(true);
  }
}
