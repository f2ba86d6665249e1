// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.policy.PortRule.Range;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortsTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void neighbouringPortsInAnyOrderAreOneRange() {
    var single = new ArrayList<Range>();
    for (int port = 1; port <= PortRule.HIGHEST; port++) {
      single.add(new Range(Protocol.UDP, port, port));
    }
    Collections.shuffle(single, random);

    assertThat(Ports.of(single).ranges()).as("seed %d", seed).isEqualTo(1);
  }

  @Test
  void allPortsAreOneRange() {
    assertThat(Ports.ALL.ranges()).isEqualTo(1);
    assertThat(Ports.of(List.of(Range.all(Protocol.TCP), Range.all(Protocol.SCTP))).ranges())
        .isEqualTo(2);
  }

  @Test
  void aPortIsContainedIfAndOnlyIfARangeContainsIt() {
    System.out.println("PortsTest: -Dseed=" + seed);
    for (int round = 0; round < 200; round++) {
      List<Range> ranges = Stream.generate(this::range).limit(random.nextInt(12)).toList();
      List<Range> more = Stream.generate(this::range).limit(random.nextInt(3)).toList();
      Ports ports = Ports.of(ranges).plus(more);
      for (Protocol protocol : Protocol.values()) {
        IntStream.concat(IntStream.rangeClosed(1, 60), IntStream.of(65534, 65535))
            .forEach(port -> compare(ports, ranges, more, protocol, port));
      }
    }
  }

  private static void compare(
      Ports ports, List<Range> ranges, List<Range> more, Protocol protocol, int port) {
    boolean expected =
        Stream.concat(ranges.stream(), more.stream())
            .filter(range -> range.protocol() == protocol)
            .anyMatch(range -> range.first() <= port && port <= range.last());

    assertThat(ports.contains(Line.place(protocol, port)))
        .as("%s %d in %s and %s", protocol, port, ranges, more)
        .isEqualTo(expected);
  }

  private Range range() {
    Protocol protocol = Protocol.values()[random.nextInt(3)];
    int first = 1 + random.nextInt(60);
    return random.nextInt(8) == 0
        ? new Range(protocol, first, PortRule.HIGHEST)
        : new Range(protocol, first, first + random.nextInt(5));
  }
}
