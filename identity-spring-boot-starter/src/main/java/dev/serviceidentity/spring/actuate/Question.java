// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.caller.PathPattern;
import dev.serviceidentity.k8s.question.PortNumber;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks the endpoint, read strictly: a question that is misread has a wrong answer.
 */
record Question(PortNumber port, @Nullable String method, @Nullable String path) {
  private static final int LONGEST_PATH = 2048;
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

  static Question of(
      @Nullable String port,
      @Nullable String ownPort,
      @Nullable String method,
      @Nullable String path) {
    String number = port == null ? ownPort : port;
    if (number == null) {
      throw new IllegalArgumentException("say which port is meant, for example port=8443");
    }
    if (path == null && method != null) {
      throw new IllegalArgumentException("a method is of one request: say its path, too");
    }
    if (method != null && !METHOD.matcher(method).matches()) {
      throw new IllegalArgumentException("a method is one word in capital letters, such as GET");
    }
    if (path != null) {
      requirePath(path);
    }
    return new Question(
        PortNumber.parse(number), path != null && method == null ? "GET" : method, path);
  }

  private static void requirePath(String path) {
    if (!path.startsWith("/") || path.length() > LONGEST_PATH) {
      throw new IllegalArgumentException(
          "a path begins with '/' and has at most " + LONGEST_PATH + " characters");
    }
    if (PathPattern.isAmbiguous(path)) {
      throw new IllegalArgumentException(
          "the path can be read in two ways, so that no rule names it: it has an empty segment, '.',"
              + " '..', an escape, a backslash, ';', a query or a control character");
    }
  }
}
