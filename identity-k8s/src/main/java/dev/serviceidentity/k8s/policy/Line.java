// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.Arrays;
import java.util.List;

/**
 * The answers for all ports between two classes: each holds from where it starts to where the next
 * one does. A place is the protocol above the 16 bits of the port.
 */
final class Line {
  /** The last port of the last protocol. */
  static final int LAST_PLACE = place(Protocol.SCTP, PortRule.HIGHEST);

  private static final int PORT_BITS = 16;

  private final int[] starts;
  private final Answer[] answers;

  Line(List<Integer> starts, List<Answer> answers) {
    this.starts = starts.stream().mapToInt(Integer::intValue).toArray();
    this.answers = answers.toArray(Answer[]::new);
  }

  /** The number of a protocol is only ever used within one process. */
  @SuppressWarnings("EnumOrdinal")
  static int place(Protocol protocol, int port) {
    return protocol.ordinal() << PORT_BITS | port;
  }

  @SuppressWarnings("EnumOrdinal")
  static Protocol protocolAt(int place) {
    return Protocol.values()[place >>> PORT_BITS];
  }

  /** The next place; there is no port 0. */
  static int placeBehind(int place) {
    return portAt(place) == PortRule.HIGHEST ? place + 2 : place + 1;
  }

  static int portAt(int place) {
    return place & ((1 << PORT_BITS) - 1);
  }

  Answer at(int place) {
    int from = 0;
    int behind = starts.length;
    while (behind - from > 1) {
      int middle = (from + behind) >>> 1;
      if (starts[middle] <= place) {
        from = middle;
      } else {
        behind = middle;
      }
    }
    return answers[from];
  }

  int size() {
    return starts.length;
  }

  boolean isSame(Line other) {
    return Arrays.equals(starts, other.starts) && Arrays.equals(answers, other.answers);
  }
}
