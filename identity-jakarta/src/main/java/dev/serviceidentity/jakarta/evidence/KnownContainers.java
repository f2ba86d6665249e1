// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.lang.reflect.InaccessibleObjectException;

/** Finds out of which container a request is, once for each class of requests. */
final class KnownContainers extends ClassValue<ConnectionReader> {
  private final ConnectionReader others;

  /**
   * Knows Tomcat and Jetty.
   *
   * @param others reads requests of all other containers
   */
  KnownContainers(ConnectionReader others) {
    this.others = others;
  }

  @Override
  protected ConnectionReader computeValue(Class<?> request) {
    for (Class<?> type = request; type != null; type = type.getSuperclass()) {
      try {
        if (type.getName().equals(TomcatConnections.FACADE)) {
          return new TomcatConnections(type);
        }
        if (JettyConnections.isFacade(type.getName())) {
          return new JettyConnections(type);
        }
      } catch (ReflectiveOperationException | InaccessibleObjectException other) {
        return refusing(type, other);
      }
    }
    return others;
  }

  private static ConnectionReader refusing(Class<?> type, Exception why) {
    return request -> {
      throw Untold.because(
          type.getName()
              + " is not that of a Tomcat 11 or Jetty 12 whose connection can be read; run one of"
              + " these, and on the module path open "
              + type.getPackageName()
              + " to "
              + KnownContainers.class.getPackageName(),
          why);
    };
  }
}
