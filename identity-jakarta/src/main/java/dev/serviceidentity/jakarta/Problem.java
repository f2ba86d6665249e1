// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.access.Refused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * An answer of {@code application/problem+json} (RFC 9457). Written into the response itself, and
 * not by {@code sendError}, whose page would be the application's.
 */
final class Problem {
  private final int status;
  private final StringBuilder json = new StringBuilder("{\"type\":\"about:blank\"");

  private Problem(int status) {
    this.status = status;
  }

  /** The status alone. */
  static Problem of(int status) {
    Problem problem = new Problem(status);
    problem.json.append(",\"status\":").append(status);
    return problem;
  }

  /** What a caller may know of a refusal. */
  static Problem of(Refused refused) {
    Problem problem = of(refused.httpStatus());
    return problem
        .member("title", problem.title())
        .member("detail", refused.publicReason())
        .member("decision", refused.id())
        .member("layer", refused.layer().name());
  }

  Problem member(String name, String value) {
    json.append(",\"").append(name).append("\":\"");
    value.chars().forEach(c -> escape((char) c));
    json.append('"');
    return this;
  }

  /**
   * Answers with it. Fields that earlier filters have set are kept, their content is not. Of a
   * response that has begun already nothing can be taken back.
   */
  void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (response.isCommitted()) {
      return;
    }
    byte[] body = json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    response.resetBuffer();
    response.setStatus(status);
    response.setContentType("application/problem+json");
    response.setContentLength(body.length);
    response.setHeader("Cache-Control", "no-store");
    if (!request.getMethod().equals("HEAD")) {
      content(response, body);
    }
    response.flushBuffer();
  }

  private static void content(HttpServletResponse response, byte[] body) throws IOException {
    try {
      response.getOutputStream().write(body);
    } catch (IllegalStateException earlierFilterTookTheWriter) {
      response.getWriter().write(new String(body, StandardCharsets.US_ASCII));
    }
  }

  /** RFC 9457 section 4.2.1: a problem without a type of its own has the title of its status. */
  private String title() {
    return switch (status) {
      case HttpServletResponse.SC_UNAUTHORIZED -> "Unauthorized";
      case HttpServletResponse.SC_FORBIDDEN -> "Forbidden";
      default -> "Service Unavailable";
    };
  }

  /** All but harmless ASCII, so that neither an encoding nor a page that shows it is misled. */
  private void escape(char c) {
    if (c >= 0x20 && c < 0x7f && "\"\\<>&'".indexOf(c) < 0) {
      json.append(c);
    } else {
      json.append("\\u").append(HexFormat.of().toHexDigits(c));
    }
  }
}
