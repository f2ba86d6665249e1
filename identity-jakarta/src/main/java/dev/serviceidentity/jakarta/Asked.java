// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.jakarta.PathRules.Ruling;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;

/**
 * What a request asks for, and what the rules say of it. Forwards and asynchronous dispatches wrap
 * the request in one of another path, and other filters may wrap it as well: it is public only if
 * each of its layers is.
 *
 * @param made the request as the container made it
 * @param path the path that the ruling is about
 * @param ruling what the rules say
 */
record Asked(HttpServletRequest made, RequestPath path, Ruling ruling) {
  static Asked of(HttpServletRequest request, PathRules rules) {
    Asked asked = outermost(request, rules);
    HttpServletRequest made = request;
    while (made instanceof ServletRequestWrapper wrapper) {
      made = inside(wrapper);
      asked = asked.and(made, rules);
    }
    return asked;
  }

  private static Asked outermost(HttpServletRequest request, PathRules rules) {
    RequestPath path = RequestPath.of(request);
    return new Asked(request, path, rules.rulingOn(path));
  }

  private Asked and(HttpServletRequest inner, PathRules rules) {
    Asked beneath = outermost(inner, rules);
    if (beneath.ruling.isPublic() || beneath.ruling.equals(ruling)) {
      return new Asked(inner, path, ruling);
    }
    return ruling.isPublic() ? beneath : new Asked(inner, path, rules.rulingOnUnclear());
  }

  private static HttpServletRequest inside(ServletRequestWrapper wrapper) {
    ServletRequest inner = wrapper.getRequest();
    if (inner instanceof HttpServletRequest http) {
      return http;
    }
    throw new IllegalStateException(wrapper.getClass() + " wraps what is no request of HTTP");
  }
}
