// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.jakarta.PathRules.Ruling;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;

/**
 * What a request asks for, and what the rules say of it. Forwards and asynchronous dispatches wrap
 * the request in one of another path, other filters may wrap it as well, and an inclusion tells its
 * path beside the request's: it is public only if each of them is.
 *
 * @param made the request as the container made it
 * @param path the path that the ruling is about
 * @param ruling what the rules say
 */
record Asked(HttpServletRequest made, RequestPath path, Ruling ruling) {
  static Asked of(HttpServletRequest request, PathRules rules) {
    Asked asked = of(request, RequestPath.of(request), rules);
    if (request.getDispatcherType() == DispatcherType.INCLUDE) {
      asked = of(request, RequestPath.included(request), rules).and(asked, rules);
    }
    HttpServletRequest made = request;
    while (made instanceof ServletRequestWrapper wrapper) {
      made = inside(wrapper);
      asked = asked.and(of(made, RequestPath.of(made), rules), rules);
    }
    return asked;
  }

  private static Asked of(HttpServletRequest request, RequestPath path, PathRules rules) {
    return new Asked(request, path, rules.rulingOn(path));
  }

  private Asked and(Asked beneath, PathRules rules) {
    if (beneath.ruling.isPublic() || beneath.ruling.equals(ruling)) {
      return new Asked(beneath.made, path, ruling);
    }
    return ruling.isPublic() ? beneath : new Asked(beneath.made, path, rules.rulingOnUnclear());
  }

  private static HttpServletRequest inside(ServletRequestWrapper wrapper) {
    ServletRequest inner = wrapper.getRequest();
    if (inner instanceof HttpServletRequest http) {
      return http;
    }
    throw new IllegalStateException(wrapper.getClass() + " wraps what is no request of HTTP");
  }
}
