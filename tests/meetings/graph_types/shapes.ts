// What we send to Microsoft Graph and what our stand-in answers, in the words of Microsoft's own published types.
// test_graph.py writes what was really sent as literals of these types, and the compiler judges.
import type { OnlineMeeting } from "@microsoft/microsoft-graph-types";

// Each of these properties, none left out, none null, and no other.
type Exactly<Name extends keyof OnlineMeeting> = { [Each in Name]-?: NonNullable<OnlineMeeting[Each]> };

export type CreateOrGet = Exactly<"externalId" | "subject" | "startDateTime" | "endDateTime">;
export type Update = Exactly<"startDateTime" | "endDateTime">;
export type Answer = OnlineMeeting & { "@odata.context": string };
