// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.caller.Verification.rejected;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Believes every fake token that has not expired, unless the test says otherwise. */
final class FakeVerifier implements CallerVerifier {
  static final String REPLY = "Fake-Reply";

  private final PrincipalId own;
  private final Clock clock;
  private final AtomicReference<@Nullable FakeRejection> refusal = new AtomicReference<>();

  FakeVerifier(PrincipalId own, Clock clock) {
    this.own = own;
    this.clock = clock;
  }

  void refuseEverybody(@Nullable FakeRejection reason) {
    refusal.set(reason);
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return !evidence.header(header()).isEmpty();
  }

  @Override
  public List<String> challenges() {
    return List.of(header());
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    FakeRejection told = refusal.get();
    if (told != null) {
      return rejected(told, "the test told the fake " + own + " so");
    }
    List<String> values = evidence.header(header());
    if (values.size() != 1) {
      return rejected(FakeRejection.MALFORMED, values.size() + " fields " + header());
    }
    return FakeToken.read(values.get(0))
        .filter(token -> token.principal().mechanism().equals(own.mechanism()))
        .map(this::judge)
        .orElseGet(() -> rejected(FakeRejection.MALFORMED, "not a fake token"));
  }

  private Verification judge(FakeToken token) {
    Instant now = clock.instant();
    if (!now.isBefore(token.expiresAt())) {
      return rejected(FakeRejection.EXPIRED, token.principal() + " ended at " + token.expiresAt());
    }
    Caller caller =
        Caller.of(token.principal(), now, token.expiresAt())
            .fingerprint("fake:" + token.expiresAt());
    return new Verification.Verified(
        caller, List.of(new HeaderField(REPLY + "-" + own.mechanism(), own.toString())));
  }

  private String header() {
    return FakeToken.headerName(own.mechanism());
  }
}
