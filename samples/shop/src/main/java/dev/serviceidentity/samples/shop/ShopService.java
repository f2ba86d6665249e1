// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.InMemorySink;
import java.net.URI;

/** One service of the shop, which runs. */
public interface ShopService extends AutoCloseable {
  /** Starts one service where it is to run. */
  @FunctionalInterface
  interface Starter {
    /**
     * Starts it.
     *
     * @param place where it runs
     * @return the service, which answers, to be closed by the caller
     */
    ShopService start(Place place);
  }

  /** Which service it is. */
  Member member();

  /** By which it proves itself and judges its callers; the service's own. */
  ServiceIdentity identity();

  /** What it has recorded of its callers. */
  InMemorySink events();

  /** What its callers ask for. */
  URI uri();

  @Override
  void close();
}
