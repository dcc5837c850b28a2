/** What a good answer says: the measure, when, and who is in charge. Flags, never blocks. */

export interface ReplyCheck {
  name: "measure" | "when" | "who" | "own";
  met: boolean;
}

const MEASURE = /(已|进行|组织|安排|完成|更换|维修|清理|整改|处理|处置|协调|查处|责令|约谈|恢复|修复|加装|拆除|清运|退还|补办|解释|说明|核实|巡查)/;
const WHEN = /(\d{1,4}\s*[年月日号点时]|\d{1,2}[:：]\d{2}|今[天日]|昨[天日]|明[天日]|当[天日]|本周|下周|上午|下午|月底|年底|工作日)/;
const WHO = /(负责人|经办人|联系人|责任人|科长|主任|队长|所长|站长|书记|经理|工作人员|执法人员|师傅|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜]某)/;
/** Phrases of answers that answer nothing. */
const EMPTY_PHRASES = /(高度重视|感谢您(的|对).{0,12}(来电|支持|关注|理解)|已(转|移)交?相关部门(处理|办理)?|我(局|街道|单位)将(继续|进一步)加强)/g;

export function replyChecks(content: string): ReplyCheck[] {
  const text = content.trim();
  const without = text.replace(EMPTY_PHRASES, "");
  return [
    { name: "measure", met: MEASURE.test(without) },
    { name: "when", met: WHEN.test(without) },
    { name: "who", met: WHO.test(without) },
    { name: "own", met: without.replace(/\s/g, "").length >= 30 },
  ];
}
