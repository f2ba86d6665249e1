// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import jakarta.servlet.ServletContext;
import java.nio.file.Path;

/** A servlet container with one application, listening on loopback with TLS. */
interface Container extends AutoCloseable {
  /** What runs in it. */
  @FunctionalInterface
  interface Application {
    void configure(ServletContext context);
  }

  /**
   * How to start it.
   *
   * @param contextPath where the application is
   * @param lenient whether to route all spellings that the container can be told to
   * @param application registers servlets and filters; null for one that web.xml describes
   * @param folder an empty folder to work in, or the application's
   */
  record Setup(String contextPath, boolean lenient, Application application, Path folder) {}

  int port();

  @Override
  void close() throws Exception;
}
