// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import javax.net.ssl.SSLParameters;

/** TLS 1.3 and 1.2, and nothing older, whatever the JVM's security properties enable. */
final class ModernTls {
  private ModernTls() {}

  static String[] protocols() {
    return new String[] {"TLSv1.3", "TLSv1.2"};
  }

  static SSLParameters restrict(SSLParameters parameters) {
    parameters.setProtocols(protocols());
    return parameters;
  }
}
