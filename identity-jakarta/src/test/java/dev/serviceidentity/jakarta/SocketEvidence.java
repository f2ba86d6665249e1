// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Addresses and fields as the servlet API tells them: enough where no certificate is shown. */
final class SocketEvidence implements RequestEvidence {
  @Override
  public CallerEvidence of(HttpServletRequest request) {
    return CallerEvidence.of(
            new InetSocketAddress(request.getRemoteAddr(), request.getRemotePort()),
            new InetSocketAddress(request.getLocalAddr(), request.getLocalPort()))
        .headers(
            Collections.list(request.getHeaderNames()).stream()
                .collect(
                    Collectors.toMap(
                        Function.identity(), name -> Collections.list(request.getHeaders(name)))));
  }
}
