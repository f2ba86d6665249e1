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
   * Tells whether the connection must end with this answer, so that the client's next request comes
   * with a new proof. A server does so by itself that speaks HTTP/1.1 and finds {@code Connection:
   * close} in the {@link #reply()}. HTTP/2 knows no such field (RFC 9113 section 8.2.2): there
   * whoever answers has to send GOAWAY.
   *
   * @return false where the connection may be kept
   */
  default boolean endsConnection() {
    return reply().stream()
        .anyMatch(
            field ->
                field.name().equalsIgnoreCase("Connection")
                    && field.value().equalsIgnoreCase("close"));
  }

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
