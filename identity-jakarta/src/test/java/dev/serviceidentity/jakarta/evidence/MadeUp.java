// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A request of a container that nobody knows. */
final class MadeUp {
  private MadeUp() {}

  /** With answers by method; there are so many lines of the one field that it has. */
  static HttpServletRequest request(int lines, Map<String, Object> answers) {
    List<String> values = IntStream.range(0, lines).mapToObj(Integer::toString).toList();
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            MadeUp.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getHeaderNames" -> Collections.enumeration(List.of("X-One", "x-one"));
                  case "getHeaders" -> Collections.enumeration(values);
                  default -> answers.get(method.getName());
                });
  }
}
