// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.assertions;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.Reason;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions on a decision; each failure shows the decision's own explanation. */
public final class AccessDecisionAssert
    extends AbstractAssert<AccessDecisionAssert, AccessDecision> {
  AccessDecisionAssert(AccessDecision actual) {
    super(actual, AccessDecisionAssert.class);
  }

  /**
   * The request may go on.
   *
   * @return this
   */
  public AccessDecisionAssert isAdmitted() {
    admitted();
    return this;
  }

  /**
   * The request may go on, as one of this principal.
   *
   * @param principal the canonical text, or a SPIFFE ID for mTLS
   * @return this
   */
  public AccessDecisionAssert isAdmittedAs(String principal) {
    Expected.principal(admitted().caller().principal(), principal, actual.explanation());
    return this;
  }

  /**
   * The request must not go on, for this reason.
   *
   * @param reason the stable code
   * @return this
   */
  public AccessDecisionAssert isRefusedFor(Reason reason) {
    Assertions.assertThat(refused().reason())
        .describedAs("reason of: %s", actual.explanation())
        .isEqualTo(reason);
    return this;
  }

  /**
   * The request was refused, and by this layer.
   *
   * @param layer the layer
   * @return this
   */
  public AccessDecisionAssert atLayer(Layer layer) {
    Assertions.assertThat(refused().layer())
        .describedAs("layer of: %s", actual.explanation())
        .isEqualTo(layer);
    return this;
  }

  /**
   * The request was refused, and is answered with this status.
   *
   * @param httpStatus 401, 403 or 503
   * @return this
   */
  public AccessDecisionAssert withStatus(int httpStatus) {
    Assertions.assertThat(refused().httpStatus())
        .describedAs("status of: %s", actual.explanation())
        .isEqualTo(httpStatus);
    return this;
  }

  /**
   * The explanation for operators holds all of these.
   *
   * @param parts words of it
   * @return this
   */
  public AccessDecisionAssert explaining(String... parts) {
    isNotNull();
    Assertions.assertThat(actual.explanation()).contains(parts);
    return this;
  }

  private Admitted admitted() {
    isNotNull();
    if (actual instanceof Admitted admitted) {
      return admitted;
    }
    throw failure("Expected an admission, but it was refused:%n  %s", actual.explanation());
  }

  private Refused refused() {
    isNotNull();
    if (actual instanceof Refused refused) {
      return refused;
    }
    throw failure("Expected a refusal, but it was %s", actual.explanation());
  }
}
