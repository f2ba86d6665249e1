// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import dev.serviceidentity.caller.HeaderField;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What the guard decided about one request: admitted or refused, nothing else. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * AccessDecision decision = identity.admit(evidence);
 * decision.applyTo(response::addHeader);
 * if (decision instanceof Refused refused) {
 *   log.info(refused.explanation());
 *   respond(refused.httpStatus(), refused.publicReason());
 * }
 * }</pre>
 */
public sealed interface AccessDecision permits Admitted, Refused {
  /**
   * What joins the response, the log and the audit event of one request. Of equal refusals by the
   * layers IDENTITY and CALLER, which are counted together, the event has the first one's.
   *
   * @return 24 hexadecimal digits, unique in practice, that tell nothing
   */
  String id();

  /**
   * Why, for logs and operators. It names pods, policies and principals: keep it from the caller.
   *
   * @return one or more lines
   */
  String explanation();

  /**
   * Field lines for the response: every challenge on a line of its own, the proof of this service's
   * identity, {@code Connection: close} where the connection must end.
   *
   * @return an unmodifiable list
   */
  List<HeaderField> reply();

  /**
   * Writes the reply into a response.
   *
   * @param header adds one field line, such as {@code response::addHeader}; it must not replace
   *     earlier lines of the same name
   */
  default void applyTo(BiConsumer<String, String> header) {
    reply().forEach(field -> header.accept(field.name(), field.value()));
  }
}
