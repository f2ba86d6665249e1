// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mechanism;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What TLS stacks need to speak as this identity. The objects are stable: hand them to a client or
 * a server once, rotation happens inside. Thread-safe.
 */
public interface TlsMaterial {
  /**
   * The context for clients and servers. Each connection is made with the certificate that is
   * current when it starts, and no session survives a rotation.
   *
   * @return always the same object
   */
  SSLContext sslContext();

  /**
   * The key manager, for stacks that take managers only. Where {@link #sslContext()} can be used,
   * use that: it drops resumable sessions at a rotation, and a manager cannot.
   *
   * @return always the same object
   */
  X509ExtendedKeyManager keyManager();

  /**
   * The trust manager, for stacks that take managers only.
   *
   * @return always the same object
   */
  X509ExtendedTrustManager trustManager();

  /**
   * Parameters for a client's engine or socket.
   *
   * @return a new object each time, for the caller to change
   */
  SSLParameters clientParameters();

  /**
   * Parameters for a server's engine or socket, with client authentication needed if mTLS is the
   * only mechanism and wanted otherwise.
   *
   * @return a new object each time, for the caller to change
   */
  SSLParameters serverParameters();
}
