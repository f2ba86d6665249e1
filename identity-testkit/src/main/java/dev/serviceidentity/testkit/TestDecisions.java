// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.Reason;
import java.util.List;
import java.util.UUID;

/**
 * Decisions that nobody has decided, for scripts and mocks.
 *
 * <pre>{@code
 * Refused no = TestDecisions.refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "web may not");
 * Admitted yes = TestDecisions.admitted(TestIdentity.of("kerberos:alice@SHOP.EXAMPLE"));
 * }</pre>
 */
public final class TestDecisions {
  private static final int ID_LENGTH = 24;

  private TestDecisions() {}

  /**
   * The request of a caller may go on; bound to no pod, with nothing to reply.
   *
   * @param caller who calls
   * @return a decision with an id of its own
   */
  public static Admitted admitted(TestIdentity caller) {
    return Admitted.of(id(), List.of(caller.caller()), null, null, List.of());
  }

  /**
   * The request must not go on; with nothing to reply.
   *
   * @param layer the layer that refuses
   * @param reason why
   * @param detail what the explanation says beside it
   * @return a decision with an id of its own
   */
  public static Refused refused(Layer layer, Reason reason, String detail) {
    return Refused.of(id(), new Refusal(layer, reason, detail), List.of());
  }

  private static String id() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, ID_LENGTH);
  }
}
