// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import dev.serviceidentity.kerberos.kdc.KdcErrors;
import dev.serviceidentity.spi.ForeignText;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK says about a Kerberos failure. Its exception class is not exported, and so the
 * number of the protocol error (RFC 4120 section 7.5.9) is read from the end of the message, where
 * the JDK writes it in parentheses.
 *
 * @param message the JDK's own words, escaped
 * @param code the number, if the JDK tells one
 */
record KrbFault(String message, OptionalInt code) {
  private static final Pattern NUMBER = Pattern.compile("\\((\\d{1,3})\\)");
  private static final int MOST_CAUSES = 16;
  private static final int FIRST_OF_THE_JDK = 400;

  /**
   * The Kerberos failure among an exception and its causes: the outermost with a number of the
   * protocol, else the innermost. Further in, the JDK keeps what it stumbled over while decoding.
   */
  static Optional<KrbFault> in(Throwable thrown) {
    KrbFault found = null;
    @Nullable Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause.getClass().getName().startsWith("sun.security.krb5.")) {
        found = of(cause);
        if (found.code().isPresent()) {
          return Optional.of(found);
        }
      }
      cause = cause.getCause();
    }
    return Optional.ofNullable(found);
  }

  /** The name of the error, as RFC 4120 writes it. */
  String name() {
    return code.isPresent() ? KdcErrors.name(code.getAsInt()) : "no protocol error";
  }

  boolean says(String words) {
    return message.contains(words);
  }

  private static KrbFault of(Throwable failure) {
    String message = ForeignText.quote(String.valueOf(failure.getMessage()));
    Matcher number = NUMBER.matcher(message);
    return new KrbFault(
        message, number.find() ? protocolError(number.group(1)) : OptionalInt.empty());
  }

  /** The JDK numbers faults of its own from 400 on; those of the protocol fit into a byte. */
  private static OptionalInt protocolError(String digits) {
    int number = Integer.parseInt(digits);
    return number < FIRST_OF_THE_JDK ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
