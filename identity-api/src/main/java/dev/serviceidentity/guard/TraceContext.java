// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.audit.AccessEvent.Trace;
import dev.serviceidentity.caller.CallerEvidence;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code traceparent} (W3C Trace Context level 1, section 3.2); anything malformed is none.
 */
final class TraceContext {
  private static final Pattern VERSION_0 =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}");

  private TraceContext() {}

  static @Nullable Trace of(CallerEvidence evidence) {
    List<String> values = evidence.header("traceparent");
    if (values.size() != 1 || values.get(0).length() != 55) {
      return null;
    }
    Matcher parts = VERSION_0.matcher(values.get(0));
    // All zeroes stand for none (sections 3.2.2.3 and 3.2.2.4).
    return parts.matches() && !isZero(parts.group(1)) && !isZero(parts.group(2))
        ? new Trace(parts.group(1), parts.group(2))
        : null;
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(digit -> digit == '0');
  }
}
