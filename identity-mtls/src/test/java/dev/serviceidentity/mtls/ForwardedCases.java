// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Reason;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the lists of rejected forwarding headers are written in. */
abstract class ForwardedCases {
  static final String EVIL = "spiffe://shop.example/ns/shop/sa/evil";

  @TempDir Path directory;
  ForwardedRequests requests;

  @BeforeEach
  void open() throws Exception {
    requests = new ForwardedRequests(directory);
  }

  @AfterEach
  void close() throws Exception {
    requests.close();
  }

  X509Certificate leaf() {
    return requests.web.chain().get(0);
  }

  /** With the code, words of its remedy, and words of the detail. */
  void refused(CallerEvidence evidence, Reason reason, String remedy, String detail) {
    refused(requests.orders, evidence, reason, remedy, detail);
  }

  /** The same by another service than the usual one. */
  static void refused(
      MtlsIdentity service, CallerEvidence evidence, Reason reason, String remedy, String detail) {
    assertThat(ForwardedRequests.refused(service, evidence, reason, remedy).detail())
        .contains(detail);
  }
}
