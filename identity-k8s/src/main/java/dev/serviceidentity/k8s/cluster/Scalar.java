// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A scalar of one type. Nothing is converted: the API server does not convert either. */
enum Scalar implements Shape {
  TEXT,
  WHOLE_NUMBER,
  FLAG,
  TEXT_OR_NUMBER;

  private static final Pattern TRUTH = Pattern.compile("(?i)true|false");

  /** Kubernetes tools read YAML 1.1, where these words without quotes are truth values. */
  private static final Pattern OLD_TRUTH = Pattern.compile("(?i)y|yes|n|no|on|off");

  /** The readers of YAML 1.1 and 1.2 disagree on 0100, 1_000 and 0x50, but not on these. */
  private static final Pattern PLAIN_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,8}");

  @Override
  public @Nullable Object read(Node node, FieldPath at, Reading reading) {
    if (!(node instanceof ScalarNode scalar)) {
      return reading.wrongType(at, expected());
    }
    String value = scalar.getValue();
    if (this == FLAG && scalar.getTag().equals(Tag.BOOL) && TRUTH.matcher(value).matches()) {
      return Boolean.valueOf(value);
    }
    if ((this == WHOLE_NUMBER || this == TEXT_OR_NUMBER) && isNumber(scalar)) {
      return Integer.valueOf(value);
    }
    if ((this == TEXT || this == TEXT_OR_NUMBER) && isText(scalar)) {
      return value;
    }
    return reading.wrongType(at, expected());
  }

  private static boolean isNumber(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.INT) && PLAIN_NUMBER.matcher(scalar.getValue()).matches();
  }

  /** Whether every reader takes a node for text, and for the same text. */
  static boolean isText(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.STR)
        && !(scalar.isPlain() && OLD_TRUTH.matcher(scalar.getValue()).matches());
  }

  private String expected() {
    return switch (this) {
      case TEXT -> "text (in quotes, if it looks like a number or a truth value)";
      case WHOLE_NUMBER -> "a decimal number without quotes";
      case FLAG -> "true or false";
      case TEXT_OR_NUMBER -> "a decimal number, or a name";
    };
  }
}
