// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.cert.CRL;
import java.util.AbstractList;
import java.util.concurrent.atomic.AtomicInteger;

/** One revocation list, which can be replaced, and how often somebody has looked at it. */
final class CountedLists extends AbstractList<CRL> {
  private final AtomicInteger looks = new AtomicInteger();
  private volatile CRL list;

  CountedLists(CRL list) {
    this.list = list;
  }

  int looks() {
    return looks.get();
  }

  @Override
  public CRL get(int index) {
    looks.incrementAndGet();
    return list;
  }

  @Override
  public CRL set(int index, CRL next) {
    CRL before = list;
    list = next;
    return before;
  }

  @Override
  public int size() {
    return 1;
  }
}
