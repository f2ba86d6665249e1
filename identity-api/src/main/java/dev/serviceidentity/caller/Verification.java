// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import dev.serviceidentity.identity.IdentityException;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * What a verifier found: exactly verified or rejected. "Could not decide" is rejected as {@link
 * RefusalReason#UNAVAILABLE}. Immutable and thread-safe.
 */
public sealed interface Verification {
  /**
   * The caller has proven who it is.
   *
   * @param caller who
   * @param reply field lines for the response, such as the proof of this service's own identity
   */
  record Verified(Caller caller, List<HeaderField> reply) implements Verification {
    /**
     * Copies the reply.
     *
     * @param caller who
     * @param reply field lines for the response
     */
    public Verified {
      Objects.requireNonNull(caller, "caller");
      reply = List.copyOf(reply);
    }
  }

  /**
   * The caller has not proven who it is.
   *
   * @param reason the stable code
   * @param detail the facts of this case, for logs and operators; foreign text in it is escaped
   * @param reply field lines for the response, such as {@code Connection: close}
   */
  record Rejected(Reason reason, String detail, List<HeaderField> reply) implements Verification {
    /**
     * Copies the reply.
     *
     * @param reason the stable code
     * @param detail the facts of this case
     * @param reply field lines for the response
     */
    public Rejected {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(detail, "detail");
      reply = List.copyOf(reply);
    }
  }

  /**
   * What a verifier answers once its identity is closed.
   *
   * @param closed what its identity has thrown
   * @return the outcome, of reason {@link RefusalReason#CLOSED}
   * @throws IdentityException the same one, if it was thrown for another reason
   */
  static Rejected closed(IdentityException closed) {
    if (closed.code() != IdentityException.Code.CLOSED) {
      throw closed;
    }
    return rejected(RefusalReason.CLOSED, String.valueOf(closed.getMessage()));
  }

  /**
   * A verified caller with nothing to say in the response.
   *
   * @param caller who
   * @return the outcome
   */
  static Verified verified(Caller caller) {
    return new Verified(caller, List.of());
  }

  /**
   * A rejected caller with nothing to say in the response.
   *
   * @param reason the stable code
   * @param detail the facts of this case, for logs and operators
   * @return the outcome
   */
  static Rejected rejected(Reason reason, String detail) {
    return new Rejected(reason, detail, List.of());
  }

  /**
   * Field lines for the response.
   *
   * @return an unmodifiable list
   */
  List<HeaderField> reply();

  /**
   * Writes the reply into a response.
   *
   * @param header adds one field line, such as {@code response::addHeader}
   */
  default void applyTo(BiConsumer<String, String> header) {
    reply().forEach(field -> header.accept(field.name(), field.value()));
  }

  /**
   * The caller, for code that treats a rejection as exceptional.
   *
   * @return the verified caller
   * @throws IdentityException with code {@code REFUSED} if the caller was rejected
   */
  default Caller orElseThrow() {
    if (this instanceof Verified verified) {
      return verified.caller();
    }
    Rejected rejected = (Rejected) this;
    throw new IdentityException(
        IdentityException.Code.REFUSED,
        rejected.reason().name() + ": " + rejected.detail() + ". " + rejected.reason().remedy());
  }
}
