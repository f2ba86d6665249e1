// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.caller.Verification.rejected;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Judges test identities of one mechanism and answers with its own name, unless told otherwise. */
final class FakeVerifier implements CallerVerifier {
  private static final String REPLY = "Test-Reply";

  private final PrincipalId own;
  private final TestVerifier verifier;
  private final Supplier<Optional<TestRejection>> refusal;

  /**
   * Judges for one fake.
   *
   * @param refusal why nobody is verified now; empty if callers are judged
   */
  FakeVerifier(PrincipalId own, TestVerifier verifier, Supplier<Optional<TestRejection>> refusal) {
    this.own = own;
    this.refusal = refusal;
    this.verifier = verifier.only(caller -> caller.mechanism().equals(own.mechanism()));
  }

  /** Judges by the field with which a fake of the same mechanism shows who it is. */
  static Reply judgeReply(MechanismName mechanism, Map<String, List<String>> headers) {
    return headers.keySet().stream().anyMatch(replyField(mechanism)::equalsIgnoreCase)
        ? new Reply.Complete()
        : new Reply.Unauthenticated();
  }

  private static String replyField(MechanismName mechanism) {
    return REPLY + "-" + mechanism;
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return verifier.claims(evidence);
  }

  @Override
  public List<String> challenges() {
    return List.of(TestToken.FIELD + " mechanism=" + own.mechanism());
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    return refusal
        .get()
        .map(told -> (Verification) rejected(told, "the test told the fake " + own + " so"))
        .orElseGet(() -> judge(evidence));
  }

  private Verification judge(CallerEvidence evidence) {
    Verification seen = verifier.verify(evidence);
    return seen instanceof Verified verified
        ? new Verified(
            verified.caller(),
            List.of(new HeaderField(replyField(own.mechanism()), own.toString())))
        : seen;
  }
}
