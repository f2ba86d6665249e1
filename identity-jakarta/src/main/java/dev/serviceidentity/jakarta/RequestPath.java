// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.caller.PathPattern;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The path of a request within its application, read twice: as the container has routed it, and as
 * the caller has written it. Where one of the two readings can be taken for another path, it is
 * clear to nobody.
 *
 * @param routed the decoded path as the container took it to choose the servlet
 * @param written the decoded path as the caller wrote it
 * @param raw the whole path as the caller wrote it
 * @param isClear whether no spelling in it has two meanings
 */
record RequestPath(String routed, String written, String raw, boolean isClear) {
  /** Reads the path of one layer of a request. */
  static RequestPath of(HttpServletRequest request) {
    String raw = Objects.requireNonNullElse(request.getRequestURI(), "");
    String info = Objects.requireNonNullElse(request.getPathInfo(), "");
    return of(raw, request::getContextPath, request.getServletPath() + info);
  }

  /** Reads the path of what is being included; the request's own for a servlet called by name. */
  static RequestPath included(HttpServletRequest request) {
    if (!(request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI) instanceof String raw)) {
      return of(request);
    }
    return of(
        raw,
        () -> attribute(request, RequestDispatcher.INCLUDE_CONTEXT_PATH),
        attribute(request, RequestDispatcher.INCLUDE_SERVLET_PATH)
            + attribute(request, RequestDispatcher.INCLUDE_PATH_INFO));
  }

  private static String attribute(HttpServletRequest request, String name) {
    return Objects.requireNonNullElse(request.getAttribute(name), "").toString();
  }

  /** Asks for the context's path only if the rest is clear: Tomcat finds none in some others. */
  static RequestPath of(String raw, Supplier<String> context, String routed) {
    String there = orRoot(routed);
    if (isClear(raw) && !PathPattern.isAmbiguous(there) && raw.startsWith(context.get())) {
      String rest = orRoot(raw.substring(context.get().length()));
      if (rest.startsWith("/")) {
        return new RequestPath(there, decoded(rest).orElse(""), raw, true);
      }
    }
    return new RequestPath(there, there, raw, false);
  }

  /**
   * The path as evidence has it: one that is not clear is told as it was written, and matches no
   * pattern, so that no rule adds callers there.
   */
  String told() {
    if (isClear) {
      return routed;
    }
    return PathPattern.isAmbiguous(raw) ? raw : "";
  }

  private static boolean isClear(String raw) {
    return decoded(raw).filter(path -> !PathPattern.isAmbiguous(path)).isPresent();
  }

  private static String orRoot(String path) {
    return path.isEmpty() ? "/" : path;
  }

  /**
   * Undoes percent-encoding (RFC 3986 section 2.1) strictly: octets that are no UTF-8, overlong
   * forms among them, an escape without two hexadecimal digits, and an escaped slash or dot give
   * nothing. Other escapes with a meaning of their own show in what was decoded.
   */
  private static Optional<String> decoded(String raw) {
    if (raw.indexOf('%') < 0) {
      return Optional.of(raw);
    }
    var octets = ByteBuffer.allocate(raw.length() * 4);
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '%') {
        octets.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      int octet = octet(raw, i + 1);
      if (octet < 0 || octet == '/' || octet == '.') {
        return Optional.empty();
      }
      octets.put((byte) octet);
      i += 2;
    }
    return text(octets.flip());
  }

  private static int octet(String raw, int from) {
    if (from + 2 > raw.length()) {
      return -1;
    }
    char high = raw.charAt(from);
    char low = raw.charAt(from + 1);
    return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigits(raw, from, from + 2)
        : -1;
  }

  private static Optional<String> text(ByteBuffer octets) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(octets).toString());
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }
}
