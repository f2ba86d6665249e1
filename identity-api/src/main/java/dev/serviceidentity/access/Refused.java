// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Reason;
import java.util.List;
import java.util.Objects;

/** The request must not go on. Immutable and thread-safe. */
public final class Refused implements AccessDecision {
  private final String id;
  private final Refusal refusal;
  private final List<HeaderField> reply;

  private Refused(String id, Refusal refusal, List<HeaderField> reply) {
    this.id = Objects.requireNonNull(id, "id");
    this.refusal = Objects.requireNonNull(refusal, "refusal");
    this.reply = List.copyOf(reply);
  }

  /**
   * A refusal.
   *
   * @param id the decision's id
   * @param refusal where and why
   * @param reply field lines for the response
   * @return the decision
   */
  public static Refused of(String id, Refusal refusal, List<HeaderField> reply) {
    return new Refused(id, refusal, reply);
  }

  @Override
  public String id() {
    return id;
  }

  /**
   * Where and why.
   *
   * @return never null
   */
  public Refusal refusal() {
    return refusal;
  }

  /**
   * The layer that refused.
   *
   * @return never null
   */
  public Layer layer() {
    return refusal.layer();
  }

  /**
   * The stable code.
   *
   * @return never null
   */
  public Reason reason() {
    return refusal.reason();
  }

  /**
   * The status to answer with.
   *
   * @return 401, 403 or 503
   */
  public int httpStatus() {
    return reason().kind().httpStatus();
  }

  /**
   * What the caller may be told: the layer and the decision's id, by which an operator finds the
   * rest.
   *
   * @return one short line of ASCII
   */
  public String publicReason() {
    return "refused at layer " + layer() + ", decision " + id;
  }

  @Override
  public String explanation() {
    return refusal.explanation();
  }

  @Override
  public List<HeaderField> reply() {
    return reply;
  }

  /** Returns the decision, its id, layer and code. */
  @Override
  public String toString() {
    return "Refused[" + id + " " + layer() + " " + reason().name() + "]";
  }
}
