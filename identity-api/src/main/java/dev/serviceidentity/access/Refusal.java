// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import dev.serviceidentity.caller.Reason;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Where and why a request was refused, or would have been.
 *
 * @param layer the layer that refused
 * @param reason the stable code
 * @param detail the facts of this case, for logs and operators and never for the caller. It may
 *     have line breaks; other control and format characters in it appear as escapes
 */
public record Refusal(Layer layer, Reason reason, String detail) {
  /**
   * Checks that nothing is missing.
   *
   * @param layer the layer that refused
   * @param reason the stable code
   * @param detail the facts of this case
   */
  public Refusal {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(reason, "reason");
    detail = visible(detail);
  }

  /**
   * For logs and operators: code, facts, and what to do.
   *
   * @return one paragraph; it may have several lines where a policy is explained
   */
  public String explanation() {
    return layer + " " + reason.name() + ": " + detail + "\n  → " + reason.remedy();
  }

  /** Parts of it may come from callers and clusters, and applications log it as it is. */
  private static String visible(String detail) {
    var visible = new StringBuilder(detail.length());
    detail.codePoints().forEach(c -> append(visible, c));
    return visible.toString();
  }

  private static void append(StringBuilder visible, int c) {
    if (!isObeyed(c)) {
      visible.appendCodePoint(c);
      return;
    }
    String units = Character.toString(c);
    for (int i = 0; i < units.length(); i++) {
      visible.append("\\u").append(HexFormat.of().toHexDigits(units.charAt(i)));
    }
  }

  private static boolean isObeyed(int c) {
    int type = Character.getType(c);
    return c != '\n'
        && (type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR);
  }
}
